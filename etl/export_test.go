package etl_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/etl"
)

// For each format: a row refused for its grid is exported, corrected by
// replacing the grid in the file as it is, and fed again under the name it has.
func TestExportedRejectsAreCorrectedAndFedAgain(t *testing.T) {
	header := []any{"编号", "上报时间", "网格", "办结时间", "状态", "次数", "说明"}
	bad := row("A3", "2026-10-05", "G9", "", "办理中", "0")
	for _, c := range []struct{ file, glob, body string }{
		{"cases_10.csv", "cases_*.csv", "台账\n" + caseHeader + good1 + bad},
		{"cases_10.txt", "cases_*.txt", strings.ReplaceAll(caseHeader+good1+bad, ",", ";")},
		{"cases_10.csv", "cases_*.csv", gb18030(caseHeader + good1 + bad)},
		{"cases_10.csv", "cases_*.csv", "\xff\xfe" + utf16le(caseHeader+good1+bad)},
		{"cases_10.csv.gz", "cases_*.csv.gz", gz(caseHeader + good1 + bad)},
		{"cases_10.xlsx", "cases_*.xlsx", workbook(t, [][]any{{"台账"}, header, {"A1", "2026-10-01", "G1", "", "办结", 1, "x"}, {"A3", "2026-10-05", "G9", "", "办理中", 0, "说明"}}, nil)},
		{"cases_10.json", "cases_*.json", `[{"编号":"A3","上报时间":"2026-10-05","网格":"G9","状态":"办理中","次数":0,"说明":"说明"}]`},
		{"cases_10.ndjson", "cases_*.ndjson", `{"编号":"A3","上报时间":"2026-10-05","网格":"G9","状态":"办理中","次数":0,"说明":"说明"}` + "\n"},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.source("cases").Files = []string{c.glob}
			o.write(c.file, c.body)
			// Refused, so that the test needs no indicators; the rejects of a refused run are exported like others.
			o.cfg.Thresholds.Checks = map[string]float64{"cases_grid_unknown": 0}
			if _, err := o.try(etl.Options{}); !errors.Is(err, etl.ErrRefused) {
				t.Fatal(err)
			}
			e, err := etl.ExportRejects(context.Background(), o.config(), "", o.path("out.csv"))
			if err != nil {
				t.Fatal(err)
			}
			if e.Rows != 1 || len(e.Files) != 1 || !strings.HasPrefix(e.Files[0], o.path("out/cases/cases_10.rejected.")) {
				t.Fatalf("exported %+v", e)
			}
			if list, err := os.ReadFile(o.path("out.csv")); err != nil || !strings.Contains(string(list), "网格编码不存在") || !strings.Contains(string(list), "A3") {
				t.Errorf("the list: %s, %v", list, err)
			}
			content, err := os.ReadFile(e.Files[0])
			if err != nil {
				t.Fatal(err)
			}
			o.correct(c.file, filepath.Base(e.Files[0]), content)
			if err := os.Remove(o.path(c.file)); err != nil {
				t.Fatal(err)
			}
			result, err := o.try(etl.Options{CheckOnly: true, Full: true})
			if err != nil {
				t.Fatal(err)
			}
			if f := result.Feeds["cases"]; f.Read != 1 || f.Loaded != 1 {
				t.Errorf("fed again: %+v %+v", f, result.Rejects)
			}
		})
	}
}

// correct replaces the wrong grid in an exported file and puts it beside the original.
func (o *office) correct(original, name string, content []byte) {
	o.t.Helper()
	switch filepath.Ext(original) {
	case ".gz":
		content = []byte(gz(strings.ReplaceAll(gunzip(o.t, content), "G9", "G2")))
	case ".xlsx":
		content = editWorkbook(o.t, content, "G9", "G2")
	default:
		wrong, right := "G9", "G2"
		if bytes.HasPrefix(content, []byte("\xff\xfe")) {
			wrong, right = utf16le(wrong), utf16le(right)
		}
		content = bytes.ReplaceAll(content, []byte(wrong), []byte(right))
	}
	o.write(name, string(content))
}

func TestRejectsOfOneRunOrOfAll(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	o.source("cases").Files = []string{"cases*.csv"}
	o.write("cases.csv", caseFile+row("A3", "坏", "G1", "", "办理中", "0")+"A4,x\n")
	first := o.run(etl.Options{})
	o.write("cases_2.csv", caseHeader+row("A5", "2026-10-05", "G9", "", "办理中", "0"))
	second := o.run(etl.Options{})
	for _, c := range []struct {
		run  string
		rows int
	}{{"", 3}, {first.RunID, 2}, {second.RunID, 1}} {
		e, err := etl.ExportRejects(ctx, o.config(), c.run, o.path("list-"+c.run+".csv"))
		if err != nil || e.Rows != c.rows {
			t.Errorf("run %q: %+v, %v, want %d rows", c.run, e, err, c.rows)
		}
	}
	text, err := os.ReadFile(o.path("list-" + first.RunID + "/cases/cases.rejected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff拒收原因,原文件行号," + caseHeader +
		"reported_at = 坏：无法识别的值 (the value cannot be read as what the column holds),4,A3,坏,G1,,办理中,0,说明\n" +
		"该行不是完整的一行数据（列数不符或引号未闭合） (the line is not a whole row: missing columns),5,A4,x\n"
	if string(text) != want {
		t.Errorf("the file to correct:\n%s\nwant\n%s", text, want)
	}
	if _, err := etl.ExportRejects(ctx, o.config(), "ffffff", o.path("none.csv")); err == nil {
		t.Error("a run that never was has rejects")
	}
	if e, err := etl.ExportRejects(ctx, o.config(), "", o.path("folder")); err != nil || e.List != o.path("folder/rejects.csv") {
		t.Errorf("into a folder: %+v, %v", e, err)
	}
}

func gunzip(t *testing.T, content []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func editWorkbook(t *testing.T, content []byte, from, to string) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	cells, err := book.SearchSheet("Sheet1", from)
	if err != nil || len(cells) != 1 {
		t.Fatal(cells, err)
	}
	if err := book.SetCellStr("Sheet1", cells[0], to); err != nil {
		t.Fatal(err)
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
