package etl_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// people are personal values that must be found nowhere but in the departments' files.
func people() (phones, names []string) {
	for i := range 40 {
		phones = append(phones, fmt.Sprintf("1380013%04d", 1000+7*i))
		names = append(names, fmt.Sprintf("欧阳%c%c", '一'+rune(i), '丁'+rune(i*3)))
	}
	return phones, names
}

const personalHeader = "编号,上报时间,网格,办结时间,状态,次数,说明,诉求人,诉求人电话\n"

// personalFile has good rows, rows refused by every kind of rule, and lines that are no rows.
func personalFile() string {
	phones, names := people()
	var b strings.Builder
	b.WriteString("某区台账\n" + personalHeader)
	for i := range phones {
		who := names[i] + "," + phones[i]
		switch i % 8 {
		case 1:
			fmt.Fprintf(&b, "P%d,坏,G1,,办理中,0,说明,%s\n", i, who) // unreadable
		case 2:
			fmt.Fprintf(&b, "P%d,2026-10-05,G9,,办理中,0,说明,%s\n", i, who) // unknown grid
		case 3:
			fmt.Fprintf(&b, "P%d,2026-10-05,G1,%s\n", i, who) // too few fields
		case 4:
			fmt.Fprintf(&b, "P%d,2026-10-05,G1,,办理中,0,说,明,%s\n", i, who) // too many
		case 5:
			fmt.Fprintf(&b, "P%d,2026-10-05,G1,,办理中,0,\"说\"明,%s\n", i, who) // a stray quote
		case 6:
			fmt.Fprintf(&b, ",2026-10-05,G1,,办理中,0,说明,%s\n", who) // no key
		default:
			fmt.Fprintf(&b, "P%d,2026-10-05,G1,,办理中,0,说明,%s\n", i, who)
		}
	}
	return b.String()
}

// withPeople makes the office's cases carry personal columns.
func withPeople(t *testing.T, file, body string) *office {
	o := newOffice(t)
	o.write(file, body)
	s := o.source("cases")
	s.Files = []string{file}
	s.Personal = map[string]string{"诉求人": "drop", "诉求人电话": "pseudonym"}
	o.write("cases.sql", strings.Replace(caseMapping, "from raw", ", \"诉求人电话\" as reporter_key\nfrom raw", 1))
	return o
}

func TestNoPersonalValueIsWrittenAnywhere(t *testing.T) {
	sheet := [][]any{{"某区台账"}}
	for line := range strings.Lines(personalFile()) {
		if fields := strings.Split(strings.TrimSpace(line), ","); len(fields) == 9 {
			cells := make([]any, 9)
			for i, f := range fields {
				cells[i] = f
			}
			sheet = append(sheet, cells)
		}
	}
	// One row in the file holds a byte that is no text.
	broken := strings.Replace(personalFile(), "P8,2026-10-05", "P8,\xff2026-10-05", 1)
	for _, c := range []struct{ name, file, body string }{
		{"UTF-8", "people.csv", broken},
		{"GB18030", "people.csv", gb18030(personalFile())},
		{"gzip", "people.csv.gz", gz(broken)},
		{"a workbook", "people.xlsx", workbook(t, sheet, nil)},
		{"NDJSON", "people.ndjson", objects(false)},
		{"JSON", "people.json", objects(true)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := withPeople(t, c.file, c.body)
			result := o.run(etl.Options{})
			if result.Feeds["cases"].Rejected < 10 || result.Feeds["cases"].Loaded < 5 {
				t.Fatalf("the file does not try what it should: %+v", result.Feeds["cases"])
			}
			if _, err := etl.ExportRejects(context.Background(), o.config(), "", o.path("warehouse/out.csv")); err != nil {
				t.Fatal(err)
			}
			o.noPeople()
			if got := o.query("select count(*) = count(distinct reporter_key), bool_and(reporter_key like 'hmac:%') from cases where reporter_key is not null"); got != "true | true" {
				t.Errorf("pseudonyms: %s", got)
			}
			if got := o.query("select count(*) > 0 from reject where raw like '%hmac:%'"); got != "true" && c.file != "people.ndjson" {
				t.Error("rejected rows do not carry pseudonyms, and could not be fed again")
			}
		})
	}
}

func TestNoPersonalValueIsInTheErrorOfAFailedRun(t *testing.T) {
	for _, c := range []struct{ name, body string }{
		{"no header", strings.SplitAfterN(personalFile(), "\n", 3)[2]},
		{"a header without the personal columns", strings.Replace(personalFile(), "诉求人,诉求人电话", "a,b", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := withPeople(t, "people.csv", c.body)
			_, err := o.try(etl.Options{})
			if err == nil || errors.Is(err, etl.ErrRefused) {
				t.Fatalf("error %v", err)
			}
			fmt.Fprintln(o.log, err)
			o.noPeople()
		})
	}
}

func TestAPersonalColumnThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.source("cases").Personal = map[string]string{"诉求人电话": "pseudonym"}
	if _, err := o.try(etl.Options{CheckOnly: true, Full: true}); err == nil || !strings.Contains(err.Error(), "诉求人电话") {
		t.Errorf("error %v: a renamed personal column would be kept as it is", err)
	}
}

func objects(array bool) string {
	phones, names := people()
	var all []string
	for i := range phones {
		grid := []string{"G1", "G9"}[i%2]
		all = append(all, fmt.Sprintf(`{"编号":"P%d","上报时间":"2026-10-05","网格":"%s","状态":"办理中","次数":0,"说明":"x","办结时间":null,"诉求人":"%s","诉求人电话":"%s"}`, i, grid, names[i], phones[i]))
	}
	if array {
		return "[" + strings.Join(all, ",") + "]"
	}
	return strings.Join(all, "\n") + "\n" + all[0][:len(all[0])-3] + "\n"
}

// noPeople searches every byte below the warehouse, every table and the log for personal values.
func (o *office) noPeople() {
	o.t.Helper()
	phones, names := people()
	var needles [][]byte
	for _, v := range append(phones, names...) {
		needles = append(needles, []byte(v), []byte(gb18030(v)), []byte(utf16le(v)))
	}
	look := func(where string, content []byte) {
		for _, needle := range needles {
			if bytes.Contains(content, needle) {
				o.t.Errorf("a personal value is in %s", where)
				return
			}
		}
	}
	look("the log", o.log.Bytes())
	err := filepath.WalkDir(o.path("warehouse"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		look(path, content)
		if strings.HasSuffix(path, ".gz") {
			look(path, []byte(gunzip(o.t, content)))
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.searchTables(look)
}

// searchTables looks at every row of the published snapshot as text: the file may hold it compressed.
func (o *office) searchTables(look func(string, []byte)) {
	o.t.Helper()
	s, err := o.warehouse().OpenCurrent(context.Background(), snapshot.Options{Threads: 1})
	if errors.Is(err, snapshot.ErrNone) {
		return
	}
	if err != nil {
		o.t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.DB.Query("select schema_name || '.' || table_name from duckdb_tables()")
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		var text sql.NullString
		if err := rows.Scan(&table); err != nil {
			o.t.Fatal(err)
		}
		if err := s.DB.QueryRow("select string_agg(t::varchar, chr(10)) from " + table + " as t").Scan(&text); err != nil {
			o.t.Fatal(err)
		}
		look("table "+table, []byte(text.String))
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
}
