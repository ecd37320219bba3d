package dashboards

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/jiceng/jiceng/queries/export"
)

// table is the data behind a page: rows of text, numbers, times and nil for what is missing.
type table struct {
	columns []string
	rows    [][]any
	total   int  // rows before it was cut to a page
	next    int  // offset of the next page; 0 if there is none
	passing bool // not worth keeping in memory: its addresses are without number
}

// maxPage is the most rows of one page.
const maxPage = 100_000

// page cuts the table to what ?limit= and ?offset= ask for; without a limit it stays whole.
func (t table) page(f *frame) (table, error) {
	t.total = len(t.rows)
	offset, err := f.number("offset")
	if err != nil {
		return t, err
	}
	limit, err := f.number("limit")
	if err != nil {
		return t, err
	}
	if limit == 0 && offset == 0 {
		return t, nil
	}
	if limit == 0 {
		limit = maxPage
	}
	start := min(offset, t.total)
	end := min(start+min(limit, maxPage), t.total)
	if end < t.total {
		t.next = end
	}
	t.rows = t.rows[start:end]
	return t, nil
}

// number reads a parameter that counts something; 0 if it is not given.
func (f *frame) number(name string) (int, error) {
	text := f.Query.Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%w: %s is not a count", errNotFound, name)
	}
	return n, nil
}

func mediaType(format string) string {
	switch format {
	case "csv":
		return "text/csv; charset=utf-8"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "parquet":
		return "application/vnd.apache.parquet"
	default:
		return "application/json; charset=utf-8"
	}
}

// encode writes the table in a format, with the snapshot that it is from where the format has a place for that.
func (t table) encode(format, snapshot string) ([]byte, error) {
	switch format {
	case "csv":
		return t.csv()
	case "xlsx":
		return t.xlsx(snapshot)
	case "parquet":
		return t.parquet(snapshot)
	default:
		rows := make([]map[string]any, len(t.rows))
		for i, row := range t.rows {
			rows[i] = make(map[string]any, len(row))
			for j, v := range row {
				rows[i][t.columns[j]] = v
			}
		}
		answer := map[string]any{"snapshot": snapshot, "rows": rows, "total": t.total, "next": nil}
		if t.next > 0 {
			answer["next"] = t.next
		}
		return json.Marshal(answer)
	}
}

// csv starts with a byte order mark, without which Excel does not take it for UTF-8.
func (t table) csv() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	if err := w.Write(t.columns); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	record := make([]string, len(t.columns))
	for _, row := range t.rows {
		for i, v := range row {
			record[i] = text(v)
		}
		if err := w.Write(record); err != nil {
			return nil, fmt.Errorf("write CSV: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// text writes a value for CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			return "'" + v
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.Format(time.DateTime)
	default:
		return fmt.Sprint(v)
	}
}

func (t table) xlsx(snapshot string) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	header := make([]any, len(t.columns))
	for i, name := range t.columns {
		header[i] = name
	}
	for i, row := range append([][]any{header}, t.rows...) {
		if err := w.SetRow("A"+strconv.Itoa(i+1), row); err != nil {
			return nil, fmt.Errorf("write XLSX: row %d: %w", i+1, err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	if err := book.SetDocProps(&excelize.DocProperties{Title: "jiceng", Description: "snapshot " + snapshot}); err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	return b.Bytes(), nil
}

// parquet names the snapshot in the file's metadata.
func (t table) parquet(snapshot string) ([]byte, error) {
	format, err := export.ByName("parquet")
	if err != nil {
		return nil, err
	}
	rows, schema, err := export.InMemory(t.columns, t.rows)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = format.Write(&b, rows, schema, export.Source{Snapshot: snapshot})
	return b.Bytes(), err
}

// moment is nil for a time that is not known.
func moment(t sql.NullTime) any {
	if !t.Valid {
		return nil
	}
	return t.Time
}

// null is nil for what is missing.
func null(v sql.NullFloat64) any {
	if !v.Valid {
		return nil
	}
	return v.Float64
}

func whole(v sql.NullInt64) any {
	if !v.Valid {
		return nil
	}
	return v.Int64
}
