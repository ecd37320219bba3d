package etl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// relation is a file as DuckDB will read it.
type relation struct {
	sql        string // a table expression with one column for each of the file's
	columns    []string
	text       *textFile   // nil for formats without lines
	wrong      []lineError // lines found to be no rows before DuckDB reads them
	headerLine int
	copy       *os.File // the decoded copy, if one was needed
}

// close gives a decoded copy's space back.
func (rel *relation) close() error {
	if rel.copy == nil {
		return nil
	}
	return rel.copy.Close()
}

// textFile is what is needed to find a rejected row's line and text again.
type textFile struct {
	path      string // UTF-8, possibly gzipped
	gzipped   bool
	delimiter rune // 0: a JSON object a line
	skip      int  // records before the first row, the header's among them
	header    []string
	undecoded []badByte // where a decoded copy holds a byte that is no text
	sheet     bool      // a worksheet's copy: a line's number is a record's
}

// headerSearch is how many lines may stand above the header: titles, units, the date of the export.
const headerSearch = 30

// relate finds out how the file is to be read: its header, its columns and,
// where DuckDB cannot read it as it is, a decoded copy.
func (r *run) relate(ctx context.Context, f *file) (*relation, error) {
	rel := &relation{text: &textFile{path: f.path, gzipped: f.gzipped, sheet: f.format == "xlsx"}}
	err := r.prepare(f, rel)
	if err == nil {
		switch f.format {
		case "parquet":
			rel.sql = "(select * from read_parquet(" + quote(f.path) + "))"
			err = r.fitColumns(ctx, f, rel)
		case "json", "ndjson":
			rel.sql = readJSON(f, rel.text)
			err = r.fitColumns(ctx, f, rel)
		default:
			err = r.fitHeader(ctx, f, rel)
		}
	}
	if f.format == "parquet" || f.format == "json" {
		rel.text = nil
	}
	if err != nil {
		return nil, errors.Join(err, rel.close())
	}
	return rel, nil
}

// prepare makes a copy in UTF-8, with one line for each row, where the file is anything else.
func (r *run) prepare(f *file, rel *relation) error {
	switch {
	case f.format == "parquet":
		return nil
	case f.format == "xlsx":
		return r.copyTo(rel, func(to io.Writer) error { return sheetToCSV(f.path, f.source.Sheet, r.work, to) })
	case f.encoding != "utf-8" || f.mixedLineEnds || f.mark && f.format != "csv" && f.format != "tsv":
		if err := r.copyTo(rel, func(to io.Writer) (err error) {
			rel.text.undecoded, err = f.decode(to)
			return err
		}); err != nil {
			return err
		}
	}
	if f.format == "ndjson" {
		return r.soundLines(rel)
	}
	return nil
}

// soundLines looks for lines that are no JSON object. Where there are any,
// a copy without them is read; empty lines keep the others' numbers.
func (r *run) soundLines(rel *relation) error {
	in, err := rel.text.open()
	if err != nil {
		return err
	}
	defer in.Close()
	number := int64(0)
	if err := eachLine(in, func(at int64, line []byte) error {
		number++
		if fault := jsonFault(line); fault != "" {
			rel.wrong = append(rel.wrong, lineError{start: at, message: fault, line: number, text: bytes.Clone(line)})
		}
		return nil
	}); err != nil || len(rel.wrong) == 0 {
		return err
	}
	again, err := rel.text.open()
	if err != nil {
		return err
	}
	defer again.Close()
	return r.copyTo(rel, func(to io.Writer) error {
		w := bufio.NewWriterSize(to, 1<<20)
		err := eachLine(again, func(_ int64, line []byte) error {
			if jsonFault(line) == "" {
				if _, err := w.Write(line); err != nil {
					return err
				}
			}
			return w.WriteByte('\n')
		})
		return errors.Join(err, w.Flush())
	})
}

// jsonFault says what keeps a line from being a JSON object; an empty line is none and no fault.
func jsonFault(line []byte) string {
	text := bytes.TrimSpace(line)
	switch {
	case len(text) == 0:
		return ""
	case firstInvalid(text) >= 0:
		return invalidEncoding
	case !json.Valid(text):
		return "MALFORMED JSON"
	case text[0] != '{':
		return "NO JSON OBJECT"
	case loneSurrogate.Match(pairOfSurrogates.ReplaceAll(text, []byte(" "))):
		return "HALF A CHARACTER" // \ud800 without its other half is no text
	case keyTwice(text):
		return "A KEY TWICE"
	}
	return ""
}

// A character beyond the first 65,536 is written as two escapes. An escaped backslash before an u starts no escape.
var (
	pairOfSurrogates = regexp.MustCompile(`\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)
	loneSurrogate    = regexp.MustCompile(`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)
)

// keyTwice says whether an object in a valid JSON text, at any depth, has a key twice.
func keyTwice(text []byte) bool {
	in := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		keys  map[string]bool // nil: an array
		value bool            // a key has been read, and its value comes next
	}
	var levels []level
	for {
		token, err := in.Token()
		if err != nil {
			return false // the end; that the text is valid has been found before
		}
		top := len(levels) - 1
		switch t := token.(type) {
		case json.Delim:
			if t == '}' || t == ']' {
				levels = levels[:top]
				continue
			}
		case string:
			if top >= 0 && levels[top].keys != nil && !levels[top].value {
				if levels[top].keys[t] {
					return true
				}
				levels[top].keys[t], levels[top].value = true, true
				continue
			}
		}
		if top >= 0 {
			levels[top].value = false // of a key, or in an array
		}
		if t, ok := token.(json.Delim); ok {
			next := level{}
			if t == '{' {
				next.keys = map[string]bool{}
			}
			levels = append(levels, next)
		}
	}
}

// withoutContent keeps rows out of DuckDB's words about a JSON file, since they may hold what is personal.
func withoutContent(err error) error {
	if err == nil {
		return nil
	}
	if at := jsonRow.FindStringIndex(err.Error()); at != nil {
		return errors.New(err.Error()[:at[1]] + " cannot be read: it has a key twice, or a value of another kind than the other rows")
	}
	return err
}

var jsonRow = regexp.MustCompile(`JSON transform error in file .*?, in (record/value|line) \d+`)

// eachLine calls do for every line, without its end, with its byte position.
func eachLine(in io.Reader, do func(at int64, line []byte) error) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	at := int64(0)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			text := line
			if at == 0 {
				text = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
			}
			if err := do(at, bytes.TrimRight(text, "\r\n")); err != nil {
				return err
			}
			at += int64(len(line))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return readable(err)
		}
	}
}

// copyTo writes a decoded copy. Where the system allows it the copy has no
// name, so that nothing personal stays on the disk when the run is killed.
func (r *run) copyTo(rel *relation, write func(to io.Writer) error) error {
	out, err := os.CreateTemp(r.work, "copy-")
	if err != nil {
		return fmt.Errorf("make a work file: %w", err)
	}
	path := out.Name()
	if nameless := fmt.Sprintf("/proc/self/fd/%d", out.Fd()); exists(nameless) && os.Remove(path) == nil {
		path = nameless
	}
	err = write(out)
	if rel.copy != nil {
		err = errors.Join(err, rel.copy.Close())
	}
	rel.copy, rel.text.path, rel.text.gzipped = out, path, false
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readJSON reads objects with every text as a text: what is a date is decided
// where all formats' dates are read. The formats given fit no text.
func readJSON(f *file, t *textFile) string {
	format := "auto"
	if f.format == "ndjson" {
		format = "newline_delimited"
	}
	// An object may be as large as the file; DuckDB reserves twice as much memory at once.
	largest := min(max(f.unpacked, 1<<20), 256<<20)
	return fmt.Sprintf(`(select * from read_json(%s, format = '%s', maximum_object_size = %d, sample_size = -1,
  dateformat = 'no date: %%Y', timestampformat = 'no time: %%Y', compression = '%s'))`, quote(t.path), format, largest, compression(t.gzipped))
}

func compression(gzipped bool) string {
	if gzipped {
		return "gzip"
	}
	return "uncompressed"
}

// fitColumns looks whether the mapping fits the columns of a file that carries
// its own. In JSON an empty field is often left out, so that a field that no
// row has is empty; that none of the mapping's fields is there is an error.
func (r *run) fitColumns(ctx context.Context, f *file, rel *relation) error {
	columns, err := describeQuery(ctx, r.conn, "select * from "+rel.sql)
	if err != nil {
		return errors.New(firstLine(withoutContent(err)))
	}
	for _, c := range columns {
		rel.columns = append(rel.columns, c.name)
	}
	if f.format == "parquet" {
		if err := f.source.namesPersonal(rel.columns); err != nil {
			return err
		}
	}
	unfit := func(err error) error {
		return fmt.Errorf("its columns do not fit the mapping %s: %s; the file has the columns: %s",
			filepath.Base(f.source.Mapping), firstLine(err), strings.Join(rel.columns, ", "))
	}
	var absent []string
	for {
		err := r.bindTo(ctx, rel.sql, f.mapping)
		if err == nil {
			break
		}
		field := missingColumn.FindStringSubmatch(err.Error())
		if f.format == "parquet" || field == nil || slices.Contains(absent, field[1]) {
			return unfit(err)
		}
		absent = append(absent, field[1])
		rel.sql = "(select *, null::varchar as " + ident(field[1]) + " from " + rel.sql + ")"
	}
	if len(absent) > 0 && r.bind(ctx, absent, f.mapping) == nil {
		return unfit(fmt.Errorf("none of the fields that it reads (%s) is there", strings.Join(absent, ", ")))
	}
	return nil
}

var missingColumn = regexp.MustCompile(`Referenced column "([^"]+)" not found`)

// fitHeader takes the first record with which the mapping binds as the header.
func (r *run) fitHeader(ctx context.Context, f *file, rel *relation) error {
	t := rel.text
	first, err := firstRecords(t, headerSearch)
	if err != nil {
		return err
	}
	if len(first) == 0 {
		return errEmpty
	}
	var firstErr error
	var candidate []string
	for _, record := range first {
		line := string(record.text)
		delimiter := delimiterOf(f, line)
		fields, err := splitLine(line, delimiter)
		if err != nil || len(fields) == 0 || !utf8.ValidString(line) {
			continue
		}
		header := columnNames(fields)
		bindErr := r.bind(ctx, header, f.mapping)
		if bindErr == nil {
			if err := f.source.namesPersonal(header); err != nil {
				return err
			}
			t.delimiter, t.skip, t.header = delimiter, int(record.number), header
			rel.columns, rel.headerLine, rel.sql = header, int(record.line), readCSV(t)
			return nil
		}
		if len(header) > len(candidate) {
			firstErr, candidate = bindErr, header
		}
	}
	if firstErr == nil {
		return fmt.Errorf("no line among the first %d looks like a header: is it text in %s?", headerSearch, f.encoding)
	}
	return fmt.Errorf("its columns do not fit the mapping %s: %s%s", filepath.Base(f.source.Mapping), firstLine(firstErr), f.shown(candidate))
}

// namesPersonal is an error where a column declared personal is not there:
// under another name it would be kept as it is.
func (s Source) namesPersonal(columns []string) error {
	for _, name := range sortedKeys(s.Personal) {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("the column %q, declared personal, is not there: has it another name now?", name)
		}
	}
	return nil
}

// shown lists a header for an error message, but not where it may be a row of
// a file without a header: personal values are in rows.
func (f *file) shown(header []string) string {
	for name := range f.source.Personal {
		if !slices.Contains(header, name) {
			return fmt.Sprintf("; no line among the first %d names the personal column %q", headerSearch, name)
		}
	}
	return "; the file has the columns: " + strings.Join(header, ", ")
}

func firstLine(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

func readCSV(t *textFile) string {
	columns := make([]string, len(t.header))
	for i, name := range t.header {
		columns[i] = quote(name) + ": 'varchar'"
	}
	return fmt.Sprintf(`(select * from read_csv(%s, auto_detect = false, header = false, skip = %d, delim = %s, quote = '"', escape = '"',
  columns = {%s}, store_rejects = true, rejects_table = 'line_errors', rejects_scan = 'line_scans', rejects_limit = 0,
  max_line_size = 4194304, compression = '%s'))`,
		quote(t.path), t.skip, quote(string(t.delimiter)), strings.Join(columns, ", "), compression(t.gzipped))
}

// bind tries the mapping on an empty relation with these columns.
func (r *run) bind(ctx context.Context, header []string, mapping string) error {
	columns := make([]string, len(header))
	for i, name := range header {
		columns[i] = "null::varchar as " + ident(name)
	}
	return r.bindTo(ctx, "(select "+strings.Join(columns, ", ")+")", mapping)
}

// bindTo tries the mapping on a relation without reading any of its rows.
func (r *run) bindTo(ctx context.Context, relation, mapping string) error {
	rows, err := r.conn.QueryContext(ctx, "describe with raw as (select * from "+relation+"), mapped as (\n"+trimStatement(mapping)+"\n) select * from mapped")
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

// firstRecords returns the first lines or, where a quoted heading holds a line break, records.
func firstRecords(t *textFile, n int) ([]record, error) {
	in, err := t.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var first []record
	err = eachRecord(in, ',', func(r record) bool {
		r.text = bytes.Clone(r.text)
		first = append(first, r)
		return len(first) < n
	})
	return first, err
}

// trimStatement removes what may end a statement, so that it can stand in brackets.
func trimStatement(s string) string { return strings.TrimRight(strings.TrimSpace(s), "; \n\t") }
