package etl

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// Export says what ExportRejects wrote.
type Export struct {
	Rows  int      // rejected rows
	List  string   // the list of all of them
	Files []string // one file for each department's file, to be corrected and fed again
}

// ExportRejects writes the rows that were refused: of one run, or, with an
// empty run id, of all runs that the published snapshot remembers and of the
// last refused run, if that is younger.
//
// output, a CSV file, lists every row with its file, line and reason and then
// the original columns. In a folder of the same name without the ending there
// is, for each department's file, one in the same format, encoding and columns
// with the reason in front; corrected and put among the source's files, it is
// loaded as it is.
func ExportRejects(ctx context.Context, cfg Config, runID, output string) (*Export, error) {
	rows, err := readRejects(ctx, snapshot.Warehouse{Dir: cfg.Warehouse}, runID)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].parse(cfg)
	}
	folder := strings.TrimSuffix(output, filepath.Ext(output))
	if folder == output {
		output = filepath.Join(folder, "rejects.csv")
	}
	e := &Export{Rows: len(rows), List: output}
	if err := os.MkdirAll(filepath.Dir(output), 0o750); err != nil {
		return nil, fmt.Errorf("write the rejected rows: %w", err)
	}
	if err := writeList(output, rows); err != nil {
		return nil, fmt.Errorf("write the rejected rows: %w", err)
	}
	for _, group := range groupByFile(rows) {
		path, err := writeForCorrection(folder, group)
		if err != nil {
			return nil, fmt.Errorf("write the rejected rows of %s: %w", group[0].path, err)
		}
		if path != "" {
			e.Files = append(e.Files, path)
		}
	}
	return e, nil
}

// keptReject is one row of the table of rejects.
type keptReject struct {
	source, path, rule, column, value, zh, en string
	line, position                            sql.NullInt64
	raw, header, format, encoding             string

	delimiter rune
	names     []string // the original columns
	fields    []string // and their texts; nil where the row is not whole or may not be kept
}

func readRejects(ctx context.Context, w snapshot.Warehouse, runID string) ([]keptReject, error) {
	var rows []keptReject
	found := false
	current, err := w.Current()
	if err == nil {
		s, err := w.Open(ctx, current, snapshot.Options{Threads: 1})
		if err != nil {
			return nil, err
		}
		rows, err = queryRejects(ctx, s.DB, runID)
		if err := errors.Join(err, s.Close()); err != nil {
			return nil, fmt.Errorf("read the rejected rows of snapshot %s: %w", current, err)
		}
	} else if !errors.Is(err, snapshot.ErrNone) {
		return nil, err
	}
	refused, err := filepath.Glob(filepath.Join(w.RefusedDir(), "*.duckdb"))
	if err != nil {
		return nil, fmt.Errorf("look for refused runs: %w", err)
	}
	slices.Sort(refused)
	for i, path := range refused {
		name := strings.TrimSuffix(filepath.Base(path), ".duckdb")
		wanted := strings.HasSuffix(name, "-"+runID)
		if runID == "" {
			wanted = i == len(refused)-1 && name > current
		}
		if !wanted {
			continue
		}
		found = true
		more, err := rejectsOfFile(ctx, path)
		if err != nil {
			return nil, fmt.Errorf("read the rejected rows of the refused run %s: %w", name, err)
		}
		rows = append(rows, more...)
	}
	if runID == "" || found || len(rows) > 0 {
		return rows, nil
	}
	return rows, knownRun(w, runID)
}

// knownRun says whether a run that has no rejects is one at all.
func knownRun(w snapshot.Warehouse, runID string) error {
	runs, err := w.Runs(0)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(runs, func(r snapshot.RunRecord) bool { return r.RunID == runID }) {
		return fmt.Errorf("no run %q is known: see the record of runs in %s", runID, w.RunsPath())
	}
	return nil
}

func rejectsOfFile(ctx context.Context, path string) ([]keptReject, error) {
	db, err := sql.Open("duckdb", path+"?access_mode=read_only&threads=1")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return queryRejects(ctx, db, "")
}

func queryRejects(ctx context.Context, db *sql.DB, runID string) ([]keptReject, error) {
	found, err := db.QueryContext(ctx, `
select
  r.source,
  r.path,
  r.line,
  r.byte_position,
  r.rule,
  coalesce(r.column_name, ''),
  coalesce(r.value, ''),
  r.message_zh,
  r.message_en,
  coalesce(r.raw, ''),
  coalesce(r.header, ''),
  coalesce(l.format, ''),
  coalesce(l.encoding, '')
from reject as r
left join load as l on l.load_id = r.load_id
where ? in ('', r.run_id)
order by r.source, r.path, r.load_id, r.line nulls last, r.raw`, runID)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var rows []keptReject
	for found.Next() {
		var k keptReject
		if err := found.Scan(&k.source, &k.path, &k.line, &k.position, &k.rule, &k.column, &k.value, &k.zh, &k.en, &k.raw, &k.header, &k.format, &k.encoding); err != nil {
			return nil, err
		}
		rows = append(rows, k)
	}
	return rows, found.Err()
}

// parse takes the kept text apart into the original columns.
func (k *keptReject) parse(cfg Config) {
	if k.header == "" {
		k.parseObject()
		return
	}
	f := &file{format: k.format}
	for _, s := range cfg.Sources {
		if s.Name == k.source {
			f.source = s
		}
	}
	k.delimiter = delimiterOf(f, k.header)
	k.names, _ = splitLine(k.header, k.delimiter)
	if fields, err := splitLine(k.raw, k.delimiter); err == nil && len(fields) == len(k.names) {
		k.fields = fields
	}
}

// parseObject keeps the order of a JSON object's fields, which a map would lose.
func (k *keptReject) parseObject() {
	decoder := json.NewDecoder(strings.NewReader(k.raw))
	decoder.UseNumber()
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return
		}
		var text string
		if string(value) != "null" && json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		k.names, k.fields = append(k.names, fmt.Sprint(name)), append(k.fields, text)
	}
}

func (k *keptReject) lineText() string {
	if !k.line.Valid {
		return ""
	}
	return fmt.Sprint(k.line.Int64)
}

// reason is what a clerk reads in front of the row.
func (k *keptReject) reason() string {
	var place string
	switch {
	case k.rule == "malformed_line" || k.rule == "undecodable":
		// the sentence says it all; a byte's position is in the list
	case k.value != "":
		place = k.column + " = " + k.value
	default:
		place = k.column
	}
	if place == "" {
		return fmt.Sprintf("%s (%s)", k.zh, k.en)
	}
	return fmt.Sprintf("%s：%s (%s)", place, k.zh, k.en)
}

// writeList writes one CSV of all rejects: what is wrong, then the original columns of all files.
func writeList(path string, rows []keptReject) error {
	var union []string
	place := map[string]int{}
	for _, k := range rows {
		for _, name := range k.names {
			if _, ok := place[name]; !ok {
				place[name] = len(union)
				union = append(union, name)
			}
		}
	}
	var out bytes.Buffer
	out.WriteString(byteOrderMark) // so that Excel takes it for UTF-8
	w := csv.NewWriter(&out)
	records := [][]string{append([]string{"source", "file", "line", "byte_position", "rule", "column", "value", "reason_zh", "reason_en"}, union...)}
	for _, k := range rows {
		position := ""
		if k.position.Valid {
			position = fmt.Sprint(k.position.Int64)
		}
		record := append([]string{k.source, k.path, k.lineText(), position, k.rule, k.column, k.value, k.zh, k.en}, make([]string, len(union))...)
		for i, field := range k.fields {
			record[9+place[k.names[i]]] = field
		}
		if k.fields == nil && k.raw != "" && len(union) > 0 {
			record[9] = k.raw // not a whole row: its text as it stands
		}
		records = append(records, record)
	}
	if err := w.WriteAll(records); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o600)
}

func groupByFile(rows []keptReject) [][]keptReject {
	var groups [][]keptReject
	for i, k := range rows {
		if i == 0 || k.source != rows[i-1].source || k.path != rows[i-1].path {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], k)
	}
	return groups
}

// The two columns in front of the original ones; mappings read columns by name and do not see them.
const (
	reasonColumn = "拒收原因"
	lineColumn   = "原文件行号"
)

// writeForCorrection writes one file's rejects as the department would deliver
// them. Rows whose text may not be kept are in the list alone.
func writeForCorrection(folder string, rows []keptReject) (string, error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(k keptReject) bool { return k.raw == "" || !k.line.Valid })
	if len(rows) == 0 {
		return "", nil
	}
	name := filepath.Base(rows[0].path)
	gzipped := strings.HasSuffix(strings.ToLower(name), ".gz")
	if gzipped {
		name = name[:len(name)-len(".gz")]
	}
	ending := filepath.Ext(name)
	name = strings.TrimSuffix(name, ending) + ".rejected"
	if rows[0].format == "parquet" {
		ending = ".csv"
	}
	path := filepath.Join(folder, rows[0].source, name+ending)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", err
	}
	content, err := contentForCorrection(rows)
	if err == nil && gzipped {
		path, content = path+".gz", pack(content)
	}
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, content, 0o600)
}

func contentForCorrection(rows []keptReject) ([]byte, error) {
	switch rows[0].format {
	case "json", "ndjson":
		return objectsForCorrection(rows), nil
	case "xlsx":
		return sheetForCorrection(rows)
	}
	delimiter := rows[0].delimiter
	if delimiter == 0 {
		delimiter = ','
	}
	var b strings.Builder
	b.WriteString(joinFields(append([]string{reasonColumn, lineColumn}, rows[0].names...), delimiter) + "\n")
	for _, k := range rows {
		raw := k.raw
		if k.header == "" {
			raw = joinFields(k.fields, delimiter)
		}
		b.WriteString(joinFields([]string{k.reason(), k.lineText()}, delimiter) + string(delimiter) + raw + "\n")
	}
	return encode(b.String(), rows[0].encoding)
}

// encode writes text in the encoding of the department's file.
func encode(text, encoding string) ([]byte, error) {
	switch encoding {
	case "gb18030":
		return simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	case "utf-16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	}
	return []byte(byteOrderMark + text), nil
}

func objectsForCorrection(rows []keptReject) []byte {
	var objects []string
	for _, k := range rows {
		reason, _ := json.Marshal(k.reason()) // a text is always JSON
		front := fmt.Sprintf(`{"%s":%s,"%s":%s`, reasonColumn, reason, lineColumn, k.lineText())
		rest := strings.TrimSpace(k.raw)
		if k.names == nil { // no object: the clerk sees the text beside the reason
			text, _ := json.Marshal(rest)
			objects = append(objects, front+`,"原文":`+string(text)+"}")
			continue
		}
		objects = append(objects, front+","+strings.TrimPrefix(rest, "{"))
	}
	if rows[0].format == "ndjson" {
		return []byte(strings.Join(objects, "\n") + "\n")
	}
	return []byte("[\n" + strings.Join(objects, ",\n") + "\n]\n")
}

func sheetForCorrection(rows []keptReject) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	sheet := book.GetSheetName(0)
	for i, record := range sheetRecords(rows) {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return nil, err
		}
		if err := book.SetSheetRow(sheet, cell, &record); err != nil {
			return nil, err
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func sheetRecords(rows []keptReject) [][]string {
	records := [][]string{append([]string{reasonColumn, lineColumn}, rows[0].names...)}
	for _, k := range rows {
		fields := k.fields
		if fields == nil {
			fields = []string{k.raw}
		}
		records = append(records, append([]string{k.reason(), k.lineText()}, fields...))
	}
	return records
}

func pack(content []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(content) // a buffer takes every write
	_ = z.Close()
	return b.Bytes()
}
