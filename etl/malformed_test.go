package etl_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jiceng/jiceng/etl"
)

func TestAGoodFolderIsPublished(t *testing.T) {
	o := newOffice(t)
	result := o.run(etl.Options{})
	if name, err := o.warehouse().Current(); err != nil || name != result.Snapshot {
		t.Errorf("published %q, %v, want %q", name, err, result.Snapshot)
	}
	if got, want := o.query("select case_id, reported_at, grid_code, closed_at, status, handoffs from cases order by all"),
		"A1 | 2026-10-01 08:00:00 | G1 | 2026-10-02 09:00:00 | closed | 1\nA2 | 2026-10-03 08:00:00 | G2 | - | handling | 0"; got != want {
		t.Errorf("cases:\n%s\nwant\n%s", got, want)
	}
	if got := o.query("select responded, score from satisfaction"); got != "true | 5" {
		t.Errorf("surveys: %s", got)
	}
}

// malformed is one wrong file for the feed of cases, and what must become of it.
type malformed struct {
	name    string
	file    string // file name, cases.csv unless given
	body    string
	source  func(*etl.Source)
	err     string // part of the error; "": no error
	counts  string // read loaded superseded duplicate rejected
	rejects string // line:rule:column of each, or line@position:rule
}

func (m malformed) test(t *testing.T) {
	o := newOffice(t)
	name := m.file
	if name == "" {
		name = "cases.csv"
	}
	o.source("cases").Files = []string{name}
	if m.source != nil {
		m.source(o.source("cases"))
	}
	o.write(name, m.body)
	result, err := o.try(etl.Options{CheckOnly: true, Full: true})
	if m.err != "" {
		if err == nil || !strings.Contains(err.Error(), m.err) {
			t.Fatalf("error %v, want one with %q", err, m.err)
		}
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error %q does not name the file", err)
		}
		if errors.Is(err, etl.ErrRefused) {
			t.Errorf("a file that cannot be read is an error, not a refused check: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	c := result.Feeds["cases"]
	if got := fmt.Sprint(c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected); got != m.counts {
		t.Errorf("counts (read loaded superseded duplicate rejected) %s, want %s", got, m.counts)
	}
	var rejects []string
	for _, r := range result.Rejects {
		place := fmt.Sprint(r.Line)
		if r.Position != nil {
			place += fmt.Sprintf("@%d", *r.Position)
		}
		rejects = append(rejects, strings.TrimSuffix(place+":"+r.Rule+":"+r.Column, ":"))
		if r.Path != o.path(name) || r.Zh == "" || r.En == "" {
			t.Errorf("reject without file or sentence: %+v", r)
		}
	}
	if got := strings.Join(rejects, " "); got != m.rejects {
		t.Errorf("rejects %s, want %s", got, m.rejects)
	}
}

const (
	good1 = "A1,2026-10-01 08:00:00,G1,2026-10-02 09:00:00,办结,1,路灯不亮\n"
	good2 = "A2,2026-10-03 08:00:00,G2,,办理中,0,井盖缺失\n"
)

// row is a case that is good but for what is given.
func row(id, reported, grid, closed, status, handoffs string) string {
	return strings.Join([]string{id, reported, grid, closed, status, handoffs, "说明"}, ",") + "\n"
}

func gb18030(text string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		panic(err) // the texts of this file have no such characters
	}
	return out
}

func utf16le(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func utf16be(text string) string {
	le := []byte(utf16le(text))
	for i := 0; i+1 < len(le); i += 2 {
		le[i], le[i+1] = le[i+1], le[i]
	}
	return string(le)
}

func gz(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		panic(err) // a buffer takes every write
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// workbook makes an XLSX file; change may alter it before it is written.
func workbook(t *testing.T, rows [][]any, change func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parquet makes a Parquet file from a query.
func parquet(t *testing.T, query string) string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), "p.parquet")
	if _, err := db.Exec("copy (" + query + ") to '" + path + "' (format parquet)"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const head = "编号,上报时间,网格,办结时间,状态,次数,说明"

func TestMalformedTextFiles(t *testing.T) {
	for _, m := range []malformed{
		{name: "an empty file", body: "", err: "empty"},
		{name: "only a byte order mark", body: "\xef\xbb\xbf", err: "empty"},
		{name: "only line ends", body: "\n\n\n", err: "empty"},
		{name: "a header and no rows", body: caseHeader, counts: "0 0 0 0 0"},
		{name: "a header without a line end", body: head, counts: "0 0 0 0 0"},
		{name: "a missing column", body: "编号,上报时间,网格,办结时间,状态,说明\nA1,2026-10-01,G1,,办结,x\n", err: `"次数" not found`},
		{name: "a renamed column", body: strings.Replace(caseFile, "上报时间", "受理时间", 1), err: `"上报时间" not found`},
		{name: "no header", body: good1 + good2, err: `do not fit the mapping cases.sql`},
		{name: "the header after thirty lines of titles", body: strings.Repeat("标题\n", 30) + caseFile, err: "do not fit the mapping"},
		{name: "titles, a unit and an empty line above the header", body: "某区案件台账\n单位：件,,,\n\n" + caseFile, counts: "2 2 0 0 0"},
		{name: "a header broken over two lines in quotes", body: strings.Replace(caseFile, "上报时间", "\"上报时间\"", 1), counts: "2 2 0 0 0"},
		{name: "columns in another order and one more", body: "网格,编号,备注,上报时间,办结时间,状态,次数,说明\nG1,A1,x,2026-10-01,,办结,1,y\n", counts: "1 1 0 0 0"},
		{name: "the same column twice", body: "编号,编号,上报时间,网格,办结时间,状态,次数,说明\nA1,B1,2026-10-01,G1,,办结,1,y\n", counts: "1 1 0 0 0"},
		{name: "spaces around the headings", body: strings.Replace(caseFile, "上报时间", " 上报时间 ", 1), counts: "2 2 0 0 0"},
		{name: "too few fields", body: caseHeader + good1 + "A3,2026-10-03\n" + good2, counts: "3 2 0 0 1", rejects: "3:malformed_line"},
		{name: "too many fields", body: caseHeader + good1 + "A3,2026-10-03,G1,,办结,1,说,明\n" + good2, counts: "3 2 0 0 1", rejects: "3:malformed_line"},
		{name: "an open quote to the end", body: caseHeader + good1 + "A3,2026-10-03,G1,,办结,1,\"说明\n" + good2, counts: "2 1 0 0 1", rejects: "3:malformed_line"},
		{name: "text after a closing quote", body: caseHeader + "A3,2026-10-03,G1,,办结,1,\"说\"明\n" + good1, counts: "2 1 0 0 1", rejects: "2:malformed_line"},
		{name: "a quote inside a plain field", body: caseHeader + "A3,2026-10-03,G1,,办结,1,6\" 管\n" + row("A4", "坏", "G1", "", "办结", "1"), counts: "2 1 0 0 1", rejects: "3:unreadable:reported_at"},
		{name: "a quoted line break before a wrong row", body: caseHeader + "A3,2026-10-03,G1,,办结,1,\"说\n明\"\n" + row("A4", "坏", "G1", "", "办结", "1"), counts: "2 1 0 0 1", rejects: "4:unreadable:reported_at"},
		{name: "a quoted line break before a line that is no row", body: caseHeader + "A3,2026-10-03,G1,,办结,1,\"说\n明\"\nA4,x\n" + good1, counts: "3 2 0 0 1", rejects: "4:malformed_line"},
		{name: "empty lines between rows", body: caseHeader + "\n" + good1 + "\n\n" + row("A4", "坏", "G1", "", "办结", "1"), counts: "2 1 0 0 1", rejects: "6:unreadable:reported_at"},
		{name: "a row of empty fields", body: caseHeader + good1 + ",,,,,,\n", counts: "2 1 0 0 1", rejects: "3:required:case_id"},
		{name: "a total at the end", body: caseHeader + good1 + "合计,,,,,1,\n", counts: "2 1 0 0 1", rejects: "3:required:reported_at"},
		{name: "the header again in the middle", body: caseHeader + good1 + caseHeader + good2, counts: "3 2 0 0 1", rejects: "3:unreadable:reported_at"},
		{name: "carriage returns alone", body: strings.ReplaceAll(caseHeader+good1+row("A4", "坏", "G1", "", "办结", "1"), "\n", "\r"), counts: "2 1 0 0 1", rejects: "3:unreadable:reported_at"},
		{name: "three kinds of line end in one file", body: strings.Replace(caseHeader, "\n", "\r\n", 1) + good1 + strings.Replace(good2, "\n", "\r", 1) + row("A4", "坏", "G1", "", "办结", "1"), counts: "3 2 0 0 1", rejects: "4:unreadable:reported_at"},
		{name: "a stray byte in a UTF-8 file", body: caseHeader + good1 + "A3,2026-10-03,G1,,办结,1,说\xff明\n" + good2, counts: "3 2 0 0 1", rejects: "3@159:undecodable"},
		{name: "a stray byte in a file of mixed line ends", body: strings.Replace(caseHeader, "\n", "\r\n", 1) + good1 + "A3,2026-10-03,G1,,办结,1,说\xff明\n" + good2, counts: "3 2 0 0 1", rejects: "3@160:undecodable"},
		{name: "GB18030 without saying so", body: gb18030(caseFile), counts: "2 2 0 0 0"},
		{name: "GB18030 declared as UTF-8", body: gb18030(caseFile), source: func(s *etl.Source) { s.Encoding = "utf-8" }, err: "looks like a header"},
		{name: "UTF-8 declared as GB18030", body: caseFile, source: func(s *etl.Source) { s.Encoding = "gb18030" }, err: "looks like a header"},
		{name: "a broken character in GB18030", body: gb18030(caseHeader+good1) + "A3,2026-10-03,G1,,,1,\x81\xff\n" + gb18030(good2), counts: "3 2 0 0 1", rejects: "3@126:undecodable"},
		{name: "half a character at the end of GB18030", body: gb18030(caseHeader+good1) + "A3,2026-10-03,G1,,,1,\xb0", counts: "2 1 0 0 1", rejects: "3@126:undecodable"},
		{name: "a wrong row after a broken character in GB18030", body: gb18030(caseHeader+good1) + "A3,2026-10-03,G1,,,1,\x81\xff\n" + gb18030(row("A4", "坏", "G1", "", "办结", "1")), counts: "3 1 0 0 2", rejects: "3@126:undecodable 4:unreadable:reported_at"},
		{name: "UTF-16 with a byte order mark", body: "\xff\xfe" + utf16le(caseFile), counts: "2 2 0 0 0"},
		{name: "UTF-16, big end first", body: "\xfe\xff" + utf16be(caseFile), counts: "2 2 0 0 0"},
		{name: "UTF-16 without a byte order mark", body: utf16le(caseFile), counts: "2 2 0 0 0"},
		{name: "half a surrogate pair in UTF-16", body: "\xff\xfe" + utf16le(caseHeader+good1+"A3,2026-10-03,G1,,,1,") + "\x00\xd8" + utf16le("x\n"+good2), counts: "3 2 0 0 1", rejects: "3@206:undecodable"},
		{name: "an odd number of bytes in UTF-16", body: "\xff\xfe" + utf16le(caseHeader+good1+"A3,2026-10-03,G1,,,1,") + "\x41", counts: "2 1 0 0 1", rejects: "3@206:undecodable"},
		{name: "zero bytes in a field", body: caseHeader + "A3,2026-10-03,G\x001,,办结,1,x\n" + good1, counts: "2 1 0 0 1", rejects: "2:cases_grid_unknown:grid_code"},
		{name: "semicolons", body: strings.ReplaceAll(caseFile, ",", ";"), counts: "2 2 0 0 0"},
		{name: "tabs in a file named csv", body: strings.ReplaceAll(caseFile, ",", "\t"), counts: "2 2 0 0 0"},
		{name: "a tsv file with commas", file: "cases.tsv", body: caseFile, err: "do not fit the mapping"},
		{name: "another delimiter, declared", body: strings.ReplaceAll(caseFile, ",", "^"), source: func(s *etl.Source) { s.Delimiter = "^" }, counts: "2 2 0 0 0"},
		{name: "another delimiter, not declared", body: strings.ReplaceAll(caseFile, ",", "^"), err: "do not fit the mapping"},
		{name: "HTML named csv", body: "<html><body><h1>502 Bad Gateway</h1></body></html>\n", err: "do not fit the mapping"},
		{name: "a picture named csv", body: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\xff\xff\xfe\n", err: "cases.csv"},
		{name: "a workbook named csv", body: workbook(t, [][]any{{"编号"}}, nil), err: "cases.csv"},
		{name: "an unknown ending", file: "cases.doc", body: caseFile, err: `format "doc" is not one of`},
		{name: "an old workbook", file: "cases.xls", body: "\xd0\xcf\x11\xe0", err: `format "xls" is not one of`},
		{name: "gzip", file: "cases.csv.gz", body: gz(caseFile), counts: "2 2 0 0 0"},
		{name: "a wrong row in gzip", file: "cases.csv.gz", body: gz(caseHeader + good1 + "A3,x\n" + good2), counts: "3 2 0 0 1", rejects: "3:malformed_line"},
		{name: "gzip in GB18030 with a broken character", file: "cases.csv.gz", body: gz(gb18030(caseHeader+good1) + "A3,2026-10-03,G1,,,1,\x81\xff\n"), counts: "2 1 0 0 1", rejects: "3@126:undecodable"},
		{name: "gzip cut short", file: "cases.csv.gz", body: gz(caseFile)[:60], err: "ends too early"},
		{name: "gzip with a wrong checksum", file: "cases.csv.gz", body: gz(caseFile)[:len(gz(caseFile))-8] + "\x00\x00\x00\x00\x00\x00\x00\x00", err: "damaged"},
		{name: "gzip of nothing", file: "cases.csv.gz", body: gz(""), err: "empty"},
		{name: "plain text named gz", file: "cases.csv.gz", body: caseFile, err: "is not gzip"},
	} {
		t.Run(m.name, func(t *testing.T) { t.Parallel(); m.test(t) })
	}
}

func TestMalformedValues(t *testing.T) {
	for _, m := range []malformed{
		{name: "a date that is none", body: caseHeader + row("A3", "2026-13-01", "G1", "", "办结", "1") + good1, counts: "2 1 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "30 February", body: caseHeader + row("A3", "2026年2月30日", "G1", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "an infinite date", body: caseHeader + row("A3", "2026-10-01", "G1", "infinity", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:unreadable:closed_at"},
		{name: "the word epoch", body: caseHeader + row("A3", "epoch", "G1", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "a number with letters", body: caseHeader + row("A3", "2026-10-01", "G1", "", "办结", "一次"), counts: "1 0 0 0 1", rejects: "2:unreadable:handoffs"},
		{name: "a fraction where a count should be", body: caseHeader + row("A3", "2026-10-01", "G1", "", "办结", "1.5"), counts: "1 0 0 0 1", rejects: "2:unreadable:handoffs"},
		{name: "a number beyond bounds", body: caseHeader + row("A3", "2026-10-01", "G1", "", "办结", "99999999999"), counts: "1 0 0 0 1", rejects: "2:unreadable:handoffs"},
		{name: "not a number", body: caseHeader + row("A3", "2026-10-01", "G1", "", "办结", "NaN"), counts: "1 0 0 0 1", rejects: "2:unreadable:handoffs"},
		{name: "a negative count", body: caseHeader + row("A3", "2026-10-01", "G1", "", "办结", "-1"), counts: "1 0 0 0 1", rejects: "2:cases_negative_count:handoffs"},
		{name: "no key", body: caseHeader + row("", "2026-10-01", "G1", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:required:case_id"},
		{name: "a key of spaces", body: caseHeader + row(" 　\t", "2026-10-01", "G1", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:required:case_id"},
		{name: "an unknown grid", body: caseHeader + row("A3", "2026-10-01", "G9", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:cases_grid_unknown:grid_code"},
		{name: "a grid not yet in force", body: caseHeader + row("A3", "2025-12-31", "G3", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:cases_grid_not_in_force:grid_code"},
		{name: "a word outside of the domain", body: caseHeader + row("A3", "2026-10-01", "G1", "", "随便", "1"), counts: "1 0 0 0 1", rejects: "2:domain:status"},
		{name: "closed before reported", body: caseHeader + row("A3", "2026-10-02", "G1", "2026-10-01", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:cases_closed_before_reported:closed_at"},
		{name: "reported in the future", body: caseHeader + row("A3", "2027-01-01", "G1", "", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:cases_reported_in_future:reported_at"},
		{name: "closed in the future", body: caseHeader + row("A3", "2026-10-01", "G1", "2027-01-01", "办结", "1"), counts: "1 0 0 0 1", rejects: "2:cases_closed_in_future:closed_at"},
		{name: "two faults in one row are one reject", body: caseHeader + row("A3", "坏", "G9", "2027-01-01", "随便", "-1"), counts: "1 0 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "the same row twice", body: caseHeader + good1 + good1, counts: "2 1 0 1 0"},
		{name: "the same key with other content", body: caseHeader + good1 + row("A1", "2026-10-01 08:00:00", "G2", "", "办结", "1"), counts: "2 1 1 0 0"},
		{name: "every row wrong", body: caseHeader + row("A3", "坏", "G1", "", "办结", "1") + row("A4", "坏", "G1", "", "办结", "1"), counts: "2 0 0 0 2", rejects: "2:unreadable:reported_at 3:unreadable:reported_at"},
	} {
		t.Run(m.name, func(t *testing.T) { t.Parallel(); m.test(t) })
	}
}

func TestMalformedWorkbooksJSONAndParquet(t *testing.T) {
	header := []any{"编号", "上报时间", "网格", "办结时间", "状态", "次数", "说明"}
	rowA := []any{"A1", "2026-10-01 08:00:00", "G1", "", "办结", 1, "路灯"}
	rowBad := []any{"A2", "坏", "G1", "", "办结", 1, "路灯"}
	const object = `{"编号":"A1","上报时间":"2026-10-01T08:00:00","网格":"G1","办结时间":null,"状态":"办结","次数":1,"说明":"x"}`
	const bad = `{"编号":"A2","上报时间":"坏","网格":"G1","办结时间":null,"状态":"办结","次数":1,"说明":"x"}`
	for _, m := range []malformed{
		{name: "a workbook with titles, a merged heading and an empty row", file: "c.xlsx", body: workbook(t, [][]any{{"某区台账"}, {}, header, rowA, {}, rowBad}, func(f *excelize.File) {
			if err := f.MergeCell("Sheet1", "A1", "G1"); err != nil {
				t.Fatal(err)
			}
		}), counts: "2 1 0 0 1", rejects: "6:unreadable:reported_at"},
		{name: "a line break in a cell above a wrong row", file: "c.xlsx", body: workbook(t, append(append([][]any{header}, repeat(rowA, 40, "一\n二")...), rowBad), nil), counts: "41 1 1 38 1", rejects: "42:unreadable:reported_at"},
		{name: "a workbook without rows", file: "c.xlsx", body: workbook(t, nil, nil), err: "no sheet has any row"},
		{name: "a workbook without the columns", file: "c.xlsx", body: workbook(t, [][]any{{"a", "b"}, {1, 2}}, nil), err: "do not fit the mapping"},
		{name: "rows on the second sheet", file: "c.xlsx", body: workbook(t, nil, func(f *excelize.File) {
			if _, err := f.NewSheet("数据"); err != nil {
				t.Fatal(err)
			}
			for i, r := range [][]any{header, rowA} {
				if err := f.SetSheetRow("数据", fmt.Sprintf("A%d", i+1), &r); err != nil {
					t.Fatal(err)
				}
			}
		}), counts: "1 1 0 0 0"},
		{name: "a sheet that is not there", file: "c.xlsx", body: workbook(t, [][]any{header, rowA}, nil), source: func(s *etl.Source) { s.Sheet = "十月" }, err: `no sheet "十月"`},
		{name: "a workbook that counts from 1904", file: "c.xlsx", body: workbook(t, [][]any{header, rowA}, func(f *excelize.File) {
			yes := true
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
				t.Fatal(err)
			}
		}), err: "1904"},
		{name: "an error in a cell", file: "c.xlsx", body: workbook(t, [][]any{header, {"A1", "#N/A", "G1", "", "办结", 1, "x"}}, nil), counts: "1 0 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "a cut workbook", file: "c.xlsx", body: workbook(t, [][]any{header, rowA}, nil)[:2000], err: "not a readable XLSX file"},
		{name: "text named xlsx", file: "c.xlsx", body: caseFile, err: "not a readable XLSX file"},
		{name: "an old workbook named xlsx", file: "c.xlsx", body: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), err: "not a readable XLSX file"},
		{name: "a JSON array with a wrong row", file: "c.json", body: "[" + object + "," + bad + "]", counts: "2 1 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "JSON with a byte order mark", file: "c.json", body: "\xef\xbb\xbf[" + object + "]", counts: "1 1 0 0 0"},
		{name: "JSON in GB18030", file: "c.json", body: gb18030("[" + object + "]"), counts: "1 1 0 0 0"},
		{name: "JSON without one of the fields", file: "c.json", body: `[{"编号":"A1","上报时间":"2026-10-01","网格":"G1"}]`, counts: "1 1 0 0 0"},
		{name: "JSON with none of the fields", file: "c.json", body: `[{"a":1,"b":2}]`, err: "do not fit the mapping"},
		{name: "JSON cut short", file: "c.json", body: "[" + object + "," + object[:30], err: "JSON"},
		{name: "an empty JSON array", file: "c.json", body: "[]", err: "do not fit the mapping"},
		{name: "an error message instead of JSON", file: "c.json", body: "<html>502</html>", err: "JSON"},
		{name: "numbers instead of objects", file: "c.json", body: "[1, 2]", err: "do not fit the mapping"},
		{name: "NDJSON with lines that are no objects", file: "c.ndjson", body: object + "\n{\"编号\":\n\n[1]\n" + bad + "\n\"\xff\"\n", counts: "5 1 0 0 4", rejects: "2:malformed_line 4:malformed_line 5:unreadable:reported_at 6@" + fmt.Sprint(len(object)+len(bad)+19) + ":undecodable"},
		{name: "NDJSON with half a character and a key twice", file: "c.ndjson", body: object + "\n{\"编号\":\"\\ud800\"}\n{\"编号\":\"A8\",\"编号\":\"A9\"}\n", counts: "3 1 0 0 2", rejects: "2:malformed_line 3:malformed_line"},
		{name: "JSON with a key twice", file: "c.json", body: "[" + object + `,{"编号":"A8","编号":"13800001111"}]`, err: "record/value 2 cannot be read"},
		{name: "JSON with half a character", file: "c.json", body: "[" + object + `,{"编号":"\ud800"}]`, err: "surrogate"},
		{name: "gzipped NDJSON", file: "c.ndjson.gz", body: gz(object + "\n" + bad + "\n"), counts: "2 1 0 0 1", rejects: "2:unreadable:reported_at"},
		{name: "Parquet with a wrong row", file: "c.parquet", body: parquet(t, `select 'A'||i as "编号", if(i = 2, '坏', '2026-10-01') as "上报时间", 'G1' as "网格", null as "办结时间", '办结' as "状态", 1 as "次数", 'x' as "说明" from range(3) r(i)`), counts: "3 2 0 0 1", rejects: "3:unreadable:reported_at"},
		{name: "Parquet without one of the columns", file: "c.parquet", body: parquet(t, `select 1 as "编号"`), err: "do not fit the mapping"},
		{name: "Parquet cut short", file: "c.parquet", body: parquet(t, `select 1 as "编号"`)[:100], err: "Parquet"},
		{name: "text named parquet", file: "c.parquet", body: caseFile, err: "Parquet"},
	} {
		t.Run(m.name, func(t *testing.T) { t.Parallel(); m.test(t) })
	}
}

// repeat returns n rows like row with the last cell given.
func repeat(row []any, n int, last string) [][]any {
	var rows [][]any
	for range n {
		r := append([]any(nil), row...)
		r[len(r)-1] = last
		rows = append(rows, r)
	}
	return rows
}
