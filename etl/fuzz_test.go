package etl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// FuzzProbe: the same bytes give the same encoding however they are cut into chunks.
func FuzzProbe(f *testing.F) {
	for _, seed := range []string{"编号,上报时间\r\n", "\xef\xbb\xbfa", "\xff\xfea\x00", "\xb1\xe0\xba\xc5,1\n", "\xe7\xbc", "\r", "a\r\nb\nc\rd"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		var whole, cut probe
		if _, err := whole.Write(text); err != nil {
			t.Fatal(err)
		}
		size = min(max(1, size), 1<<10)
		for rest := text; len(rest) > 0; {
			n := min(size, len(rest))
			if _, err := cut.Write(bytes.Clone(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if whole.encoding() != cut.encoding() || whole.mixedLineEnds() != cut.mixedLineEnds() || whole.bytes != cut.bytes || whole.mark() != cut.mark() {
			t.Errorf("%q in chunks of %d: %+v, whole %+v", text, size, cut, whole)
		}
		if utf8.Valid(text) && whole.encoding() == "gb18030" {
			t.Errorf("%q is valid UTF-8, and taken for GB18030", text)
		}
	})
}

// FuzzGB18030: what decodes without a fault is what the library decodes; each
// fault is one byte that is no UTF-8 in the copy; lines stay lines.
func FuzzGB18030(f *testing.F) {
	for _, seed := range []string{"\xb1\xe0\xba\xc5,1\n\x81\x30\x81\x30\n", "\x81\xff\n", "\xb0", "\x84\x31\xa4\x37", "a\x80b\r\n", "\xfe\xfe\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, bad := decoded(t, func(w *bufio.Writer) ([]badByte, error) {
			return decodeLines(bytes.NewReader(raw), w, simplifiedchinese.GB18030)
		})
		if whole, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw); len(bad) == 0 && (err != nil || !bytes.Equal(whole, text)) {
			t.Errorf("%q gives %q without a fault, the library %q, %v", raw, text, whole, err)
		}
		soundCopy(t, raw, text, bad)
		if lineEnds(raw) != lineEnds(text) {
			t.Errorf("%q has %d line ends, its copy %d", raw, lineEnds(raw), lineEnds(text))
		}
		for _, b := range bad {
			if want := 1 + lineEnds(raw[:b.position]); b.line != want {
				t.Errorf("%q: the fault at %d is said to be in line %d, not %d", raw, b.position, b.line, want)
			}
		}
	})
}

// FuzzUTF16: text without a fault, encoded again, is the file.
func FuzzUTF16(f *testing.F) {
	for _, seed := range []string{"\xff\xfea\x00\n\x00", "\xfe\xff\x00a", "\xff\xfe\x00\xd8", "\xff\xfe\x3d\xd8\x00\xde", "a\x00b", "a\x00\r\x00\n\x00\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, bad := decoded(t, func(w *bufio.Writer) ([]badByte, error) { return decodeUTF16(bytes.NewReader(raw), w) })
		soundCopy(t, raw, text, bad)
		if len(bad) > 0 {
			return
		}
		big, mark := byteOrder(raw)
		body := raw
		if mark {
			body = raw[2:]
		}
		var again []byte
		for _, u := range utf16.Encode([]rune(string(text))) {
			if big {
				again = append(again, byte(u>>8), byte(u))
			} else {
				again = append(again, byte(u), byte(u>>8))
			}
		}
		if !bytes.Equal(again, body) {
			t.Errorf("%q gives %q without a fault, which is %q", raw, text, again)
		}
	})
}

func decoded(t *testing.T, decode func(*bufio.Writer) ([]badByte, error)) ([]byte, []badByte) {
	t.Helper()
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	bad, err := decode(w)
	if err != nil || w.Flush() != nil {
		t.Fatal(err)
	}
	return out.Bytes(), bad
}

// soundCopy holds the faults to the bytes that mark them in the copy.
func soundCopy(t *testing.T, raw, text []byte, bad []badByte) {
	t.Helper()
	if n := bytes.Count(text, []byte{noText}); n != len(bad) {
		t.Errorf("%q: %d faults, %d of them marked in %q", raw, len(bad), n, text)
	}
	if !utf8.Valid(bytes.ReplaceAll(text, []byte{noText}, nil)) {
		t.Errorf("%q: the copy %q is no UTF-8", raw, text)
	}
	last := int64(-1)
	for _, b := range bad {
		if b.position <= last || b.position >= int64(len(raw)) {
			t.Errorf("%q: a fault at %d after one at %d", raw, b.position, last)
		}
		last = b.position
	}
}

// FuzzGzip: bytes named .gz are read to the end or refused with a sentence.
func FuzzGzip(f *testing.F) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("编号\n1\n")); err != nil || z.Close() != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()-5])
	f.Add([]byte("编号\n1\n"))
	path := filepath.Join(f.TempDir(), "a.csv.gz")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := inspect(Source{}, path, "", base{})
		if err != nil {
			if err.Error() == "" || file != nil {
				t.Errorf("%q: error %q and a file %+v", content, err, file)
			}
			return
		}
		if file.unpacked == 0 || file.encoding == "" {
			t.Errorf("%q: %+v", content, file)
		}
	})
}

// FuzzWorksheet: bytes named .xlsx give a CSV of even width, or an error.
func FuzzWorksheet(f *testing.F) {
	book := excelize.NewFile()
	for i, cells := range [][]any{{"台账"}, {"编号", "时间"}, {"A1", 46350.5}, {}, {"A2", "x\ny"}} {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			f.Fatal(err)
		}
		if err := book.SetSheetRow("Sheet1", cell, &cells); err != nil {
			f.Fatal(err)
		}
	}
	if err := book.MergeCell("Sheet1", "A1", "B1"); err != nil {
		f.Fatal(err)
	}
	seed, err := book.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed.Bytes())
	f.Add([]byte("PK\x03\x04"))
	dir := f.TempDir()
	path := filepath.Join(dir, "a.xlsx")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := sheetToCSV(path, "", dir, &out); err != nil {
			return
		}
		if records, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll(); err != nil || len(records) == 0 {
			t.Errorf("the sheet gave %q: %d records, %v", out.Bytes(), len(records), err)
		}
	})
}

// FuzzHeader: the header finder takes a line whose names the mapping knows, or
// gives an error; what it takes, DuckDB reads.
func FuzzHeader(f *testing.F) {
	for _, seed := range []string{"编号,名称\n1,a\n", "某区\n\n编号;名称\n1;a\n", "\"编\n号\",名称\n编号,名称\n1,2\n", "编号,编号,名称,\n1,2,3,4\n", "\xef\xbb\xbf编号\t名称\r\n1\t2", "编号,名称\"\n1,a\n"} {
		f.Add([]byte(seed))
	}
	const mapping = `select "编号" as case_id, "名称" as category_1 from raw`
	r := &run{conn: session(f, strings.Repeat("k", 32)), work: f.TempDir(), log: slog.New(slog.DiscardHandler)}
	path := filepath.Join(r.work, "a.csv")
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 2000 {
			t.Skip()
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := inspect(Source{Feed: "cases"}, path, mapping, base{})
		if err != nil {
			return
		}
		rel, err := r.relate(ctx, file)
		if err != nil {
			return
		}
		defer rel.close()
		if err := r.exec(ctx, "drop table if exists line_errors; drop table if exists line_scans"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.count(ctx, "with raw as (select * from "+rel.sql+"), mapped as ("+mapping+") select count(case_id || category_1) from mapped"); err != nil {
			t.Errorf("%q: header %q in line %d: %v", text, rel.columns, rel.headerLine, err)
		}
	})
}

// FuzzNDJSON: each line of objects is a row or is told with its number; DuckDB reads the others.
func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{`{"a":"x"}`, "{\"a\":\n[1]\n\"\xff\"", `{"a":{"b":[1,2]}}`, `{"a":1e999,"b":null}`, `{"a":"\ud800"}`, `{"a":"\u0000"}`, `{"a":1,"a":2,"A":3}`, `{"":1}`, "\r\n\n {} \n"} {
		f.Add([]byte(seed))
	}
	const mapping = `select a as case_id from raw`
	r := &run{conn: session(f, strings.Repeat("k", 32)), work: f.TempDir(), log: slog.New(slog.DiscardHandler)}
	path := filepath.Join(r.work, "a.ndjson")
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 2000 || bytes.IndexByte(text, 0) >= 0 {
			t.Skip() // with zero bytes it is taken for UTF-16
		}
		text = append([]byte("{\"a\":\"1\"}\n"), text...)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := inspect(Source{Feed: "cases", Encoding: "utf-8"}, path, mapping, base{})
		if err != nil {
			t.Fatal(err)
		}
		rel, err := r.relate(ctx, file)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		defer rel.close()
		rows, err := r.count(ctx, "select count(a::varchar) + count_if(a is null) from "+rel.sql)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		lines := 0
		for _, line := range bytes.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' }) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		if int(rows)+len(rel.wrong) != lines {
			t.Errorf("%q: %d rows and %d faults in %d lines", text, rows, len(rel.wrong), lines)
		}
	})
}

// FuzzMapping: whatever stands in a mapping file, it is told plain or not, or
// refused; a plain one's condition can be written again and binds.
func FuzzMapping(f *testing.F) {
	for _, seed := range []string{`select "编号" as case_id from raw`, `select distinct a from raw where b = 'x''y'`, "select a from raw; drop table cases", "with x as (from raw) select * from x",
		"select count(*) as n from raw", "select a, row_number() over () as n from raw where a > 1 or b", "from raw", "select unnest([1]) as a from raw", "select a from raw -- x", ""} {
		f.Add(seed)
	}
	r := &run{conn: session(f, strings.Repeat("k", 32)), log: slog.New(slog.DiscardHandler)}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, mapping string) {
		if !utf8.ValidString(mapping) || strings.ContainsRune(mapping, 0) {
			t.Skip()
		}
		s, err := r.shapeOf(ctx, mapping)
		if err != nil || !s.plain || s.where == "" {
			return
		}
		const raw = "(select null::varchar as a, null::varchar as b, null::varchar as \"编号\")"
		if r.bindTo(ctx, raw, mapping) != nil {
			return // it asks for columns that are not there
		}
		if err := r.bindTo(ctx, raw, "select 1 as one from raw where "+s.where); err != nil {
			t.Errorf("%q: its condition %q does not bind: %v", mapping, s.where, err)
		}
	})
}
