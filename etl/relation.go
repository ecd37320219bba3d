package etl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// relation is a file as DuckDB will read it.
type relation struct {
	sql        string    // a table expression with one column for each of the file's
	text       *textFile // nil for formats without lines
	headerLine int
}

// textFile is what is needed to find a rejected row's line and text again.
type textFile struct {
	path      string // UTF-8, possibly gzipped
	gzipped   bool
	delimiter rune
	skip      int // lines before the first row, the header's among them
	header    []string
	undecoded []badLine
	exact     bool // the lines are those of the department's file
}

// headerSearch is how many lines may stand above the header: titles, units, the date of the export.
const headerSearch = 30

// relate finds out how the file is to be read: its header, its columns and,
// where DuckDB cannot read it as it is, a decoded copy in the work folder.
func (r *run) relate(ctx context.Context, f *file, number int) (*relation, error) {
	switch f.format {
	case "parquet":
		return &relation{sql: "(select * from read_parquet(" + quote(f.path) + "))"}, nil
	case "json", "ndjson":
		format := "newline_delimited"
		if f.format == "json" {
			format = "auto"
		}
		return &relation{sql: fmt.Sprintf("(select * from read_json(%s, format = '%s', maximum_object_size = 268435456, sample_size = -1))", quote(f.path), format)}, nil
	}
	t := &textFile{path: f.path, gzipped: f.gzipped, exact: true}
	copyPath := filepath.Join(r.work, fmt.Sprintf("%d.csv", number))
	switch {
	case f.format == "xlsx":
		if err := sheetToCSV(f.path, copyPath); err != nil {
			return nil, err
		}
		t.path, t.gzipped = copyPath, false
	case f.encoding != "utf-8":
		bad, err := f.decode(copyPath)
		if err != nil {
			return nil, err
		}
		t.path, t.gzipped, t.undecoded = copyPath, false, bad
	}
	if err := r.findHeader(ctx, f, t); err != nil {
		return nil, err
	}
	columns := make([]string, len(t.header))
	for i, name := range t.header {
		columns[i] = quote(name) + ": 'varchar'"
	}
	sql := fmt.Sprintf(`(select * from read_csv(%s, auto_detect = false, header = false, skip = %d, delim = %s, quote = '"', escape = '"',
  columns = {%s}, store_rejects = true, rejects_table = 'line_errors', rejects_scan = 'line_scans', rejects_limit = 0,
  max_line_size = 4194304, compression = '%s'))`,
		quote(t.path), t.skip, quote(string(t.delimiter)), strings.Join(columns, ", "), compression(t.gzipped))
	return &relation{sql: sql, text: t, headerLine: t.skip}, nil
}

func compression(gzipped bool) string {
	if gzipped {
		return "gzip"
	}
	return "none"
}

// findHeader takes the first line with which the mapping binds as the header.
func (r *run) findHeader(ctx context.Context, f *file, t *textFile) error {
	lines, err := firstLines(t, headerSearch)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return errors.New("it is empty: not even a header line")
	}
	var firstErr error
	var candidate []string
	for i, line := range lines {
		delimiter := delimiterOf(f, line)
		fields, err := splitLine(line, delimiter)
		if err != nil || len(fields) == 0 {
			continue
		}
		header := columnNames(fields)
		bindErr := r.bind(ctx, header, f.mapping)
		if bindErr == nil {
			t.delimiter, t.skip, t.header = delimiter, i+1, header
			return nil
		}
		if len(header) > len(candidate) {
			firstErr, candidate = bindErr, header
		}
	}
	if firstErr == nil {
		return errors.New("no line among the first looks like a header")
	}
	first, _, _ := strings.Cut(firstErr.Error(), "\n")
	return fmt.Errorf("its columns do not fit the mapping %s: %s; the file has the columns: %s",
		filepath.Base(f.source.Mapping), first, strings.Join(candidate, ", "))
}

// bind tries the mapping on an empty relation with these columns.
func (r *run) bind(ctx context.Context, header []string, mapping string) error {
	columns := make([]string, len(header))
	for i, name := range header {
		columns[i] = "null::varchar as " + ident(name)
	}
	rows, err := r.conn.QueryContext(ctx, "with raw as (select "+strings.Join(columns, ", ")+" where false), mapped as (\n"+
		trimStatement(mapping)+"\n) select * from mapped")
	if err != nil {
		return err
	}
	return rows.Close()
}

// columnNames makes a header's fields usable as column names: trimmed, none empty, none twice.
func columnNames(fields []string) []string {
	seen := map[string]int{}
	names := make([]string, len(fields))
	for i, field := range fields {
		name := strings.Join(strings.Fields(strings.TrimPrefix(field, "\ufeff")), " ")
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		key := strings.ToLower(name)
		if seen[key]++; seen[key] > 1 {
			name = fmt.Sprintf("%s_%d", name, seen[key])
		}
		names[i] = name
	}
	return names
}

func delimiterOf(f *file, line string) rune {
	if f.source.Delimiter != "" {
		d, _ := utf8.DecodeRuneInString(f.source.Delimiter)
		return d
	}
	if f.format == "tsv" {
		return '\t'
	}
	best, most := ',', 0
	for _, d := range []rune{',', '\t', ';', '|'} {
		if n := strings.Count(line, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}

func splitLine(line string, delimiter rune) ([]string, error) {
	reader := csv.NewReader(strings.NewReader(line))
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	fields, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	return fields, err
}

func (t *textFile) open() (io.ReadCloser, error) {
	f := file{path: t.path, gzipped: t.gzipped}
	return f.open()
}

func firstLines(t *textFile, n int) ([]string, error) {
	in, err := t.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	reader := bufio.NewReaderSize(in, 1<<16)
	var lines []string
	for len(lines) < n {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			lines = append(lines, string(bytes.TrimRight(line, "\r\n")))
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// sheetToCSV writes the first sheet that has rows as CSV. Merged cells give
// their value to every cell they cover; dates come as Excel's day numbers.
func sheetToCSV(from, to string) error {
	book, err := excelize.OpenFile(from, excelize.Options{RawCellValue: true})
	if err != nil {
		return fmt.Errorf("it is not a readable XLSX file: %w", err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("read sheet %s: %w", sheet, err)
		}
		if len(rows) == 0 {
			continue
		}
		if err := fillMerged(book, sheet, rows); err != nil {
			return fmt.Errorf("read sheet %s: %w", sheet, err)
		}
		return writeRows(rows, to)
	}
	return errors.New("no sheet has any row")
}

func fillMerged(book *excelize.File, sheet string, rows [][]string) error {
	merged, err := book.GetMergeCells(sheet)
	if err != nil {
		return err
	}
	for _, m := range merged {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return err
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			return err
		}
		if top > len(rows) || left > len(rows[top-1]) {
			continue
		}
		value := rows[top-1][left-1]
		for y := top; y <= min(bottom, len(rows)); y++ {
			for len(rows[y-1]) < right {
				rows[y-1] = append(rows[y-1], "")
			}
			for x := left; x <= right; x++ {
				rows[y-1][x-1] = value
			}
		}
	}
	return nil
}

func writeRows(rows [][]string, to string) error {
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a work file: %w", err)
	}
	w := csv.NewWriter(out)
	for _, row := range rows {
		for len(row) < width {
			row = append(row, "")
		}
		if err := w.Write(row); err != nil {
			break
		}
	}
	w.Flush()
	return errors.Join(w.Error(), out.Close())
}

// trimStatement removes what may end a statement, so that it can stand in brackets.
func trimStatement(s string) string { return strings.TrimRight(strings.TrimSpace(s), "; \n\t") }
