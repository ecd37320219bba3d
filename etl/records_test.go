package etl

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
)

func TestRecordsAreSplitAtLineEndsOutsideQuotes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"line feeds", "a,b\n1,2\n", "1:a,b|2:1,2"},
		{"carriage return and line feed", "a,b\r\n1,2\r\n", "1:a,b|2:1,2"},
		{"carriage returns alone", "a,b\r1,2\r3,4", "1:a,b|2:1,2|3:3,4"},
		{"no line end at the end", "a\nb", "1:a|2:b"},
		{"empty lines count as lines, not as records", "a\n\n\nb\n", "1:a|4:b"},
		{"a quoted line break", "a,\"x\ny\"\nb", "1:a,\"x\ny\"|3:b"},
		{"a quoted CR LF is one line", "a,\"x\r\ny\"\r\nb", "1:a,\"x\r\ny\"|3:b"},
		{"a pair of quotes is no end", "\"x\"\"\ny\",1\nb", "1:\"x\"\"\ny\",1|3:b"},
		{"a quote inside a plain field opens nothing", "1,6\" pipe\nb", "1:1,6\" pipe|2:b"},
		{"a quote after spaces opens", "1, \"a\nb\"\nc", "1:1, \"a\nb\"|3:c"},
		{"an open quote swallows the rest", "1,\"a\nb\n", "1:1,\"a\nb\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			if err := eachRecord(strings.NewReader(c.text), ',', func(r record) bool {
				got = append(got, fmt.Sprintf("%d:%s", r.line, r.text))
				if r.start < 0 || r.end > int64(len(c.text)) || !strings.HasPrefix(c.text[r.start:r.end], string(r.text)) {
					t.Errorf("record %q stands at [%d, %d)", r.text, r.start, r.end)
				}
				return true
			}); err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "|") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzRecords holds eachRecord to DuckDB's reader: what DuckDB takes as rows
// and what it refuses as lines must be found again at the same places.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\r\n1,\"x\ny\"\r\n", "a,b\r1,2\r", "a,b\n1,\"ab\"c\n2,3\n", "a,b\n1\n\n1,2,3\n\"a\"\"\n\",\"\n",
		"a,b\n1,\xff\n2,3\n", "a,b\n \"x\",\" y\n\"\n", "\"\n\",\"\"\"\n,\n"} {
		f.Add([]byte(seed))
	}
	db, err := sql.Open("duckdb", "?threads=1")
	if err != nil {
		f.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	path := filepath.Join(f.TempDir(), "a.csv")
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1000 || bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			t.Skip()
		}
		var p probe
		if _, err := p.Write(text); err != nil {
			t.Fatal(err)
		}
		if p.mixedLineEnds() { // such a file is read as a copy
			var out bytes.Buffer
			w := lineEndWriter{w: &out}
			if _, err := w.Write(text); err != nil {
				t.Fatal(err)
			}
			text = out.Bytes()
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		rows, wrong, err := duckRecords(db, path)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		faults := &faultLines{starts: wrong}
		var good, bad int
		if err := eachRecord(bytes.NewReader(text), ',', func(r record) bool {
			if faults.within(r) {
				bad++
			} else {
				good++
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if good != rows || bad > len(wrong) || (bad == 0) != (len(wrong) == 0) {
			t.Errorf("%q: %d rows and %d wrong lines, DuckDB says %d and %v", text, good, bad, rows, wrong)
		}
	})
}

func duckRecords(db *sql.DB, path string) (rows int, wrong []int64, err error) {
	if _, err := db.Exec("drop table if exists line_errors; drop table if exists line_scans"); err != nil {
		return 0, nil, err
	}
	query := "select count(*), count(a), count(b) from read_csv(" + quote(path) + `, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
  columns = {'a': 'varchar', 'b': 'varchar'}, store_rejects = true, rejects_table = 'line_errors', rejects_scan = 'line_scans', rejects_limit = 0)`
	var a, b int
	if err := db.QueryRow(query).Scan(&rows, &a, &b); err != nil {
		return 0, nil, err
	}
	found, err := db.Query("select distinct line_byte_position - 1 from line_errors order by 1")
	if err != nil {
		return 0, nil, err
	}
	defer found.Close()
	for found.Next() {
		var at int64
		if err := found.Scan(&at); err != nil {
			return 0, nil, err
		}
		wrong = append(wrong, at)
	}
	return rows, wrong, found.Err()
}
