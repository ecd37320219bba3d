package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
)

// writeCSV writes a header and one line a row; a missing value is an empty field.
func writeCSV(w io.Writer, rows Rows, schema *arrow.Schema, _ Source) error {
	c := csv.NewWriter(w)
	record := make([]string, schema.NumFields())
	for i, f := range schema.Fields() {
		record[i] = f.Name
	}
	if err := c.Write(record); err != nil {
		return err
	}
	for rows.Next() {
		batch := rows.Batch()
		for row := range int(batch.NumRows()) {
			for i := range record {
				record[i] = cellOf(batch.Column(i), row).text
			}
			if err := c.Write(record); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// more is a result that can say that it stopped at the number of rows asked for.
type more interface {
	More() bool
	Rows() int64
}

// writeJSON writes one object: source, columns, rows as lists, and at the end
// how many rows there are and whether the query has more.
func writeJSON(w io.Writer, rows Rows, schema *arrow.Schema, source Source) error {
	b := bufio.NewWriterSize(w, 64<<10)
	columns := make([]Column, schema.NumFields())
	for i, f := range schema.Fields() {
		kind, _ := f.Metadata.GetValue("duckdb_type")
		columns[i] = Column{f.Name, kind}
	}
	head, err := json.Marshal(struct {
		Source
		Columns []Column `json:"columns"`
	}{source, columns})
	if err != nil {
		return err
	}
	b.Write(head[:len(head)-1]) // the object goes on; a bufio.Writer keeps its first error for Flush
	b.WriteString(`,"rows":[`)
	count := int64(0)
	line := []byte{}
	for rows.Next() {
		batch := rows.Batch()
		for row := range int(batch.NumRows()) {
			line = line[:0]
			if count > 0 {
				line = append(line, ',')
			}
			line = append(line, '\n', '[')
			for i := range columns {
				if i > 0 {
					line = append(line, ',')
				}
				if line, err = appendJSON(line, cellOf(batch.Column(i), row)); err != nil {
					return err
				}
			}
			b.Write(append(line, ']'))
			count++
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	b.WriteString("\n],\"row_count\":" + strconv.FormatInt(count, 10))
	if m, ok := rows.(more); ok {
		b.WriteString(",\"more\":" + strconv.FormatBool(m.More()))
	}
	b.WriteString("}\n")
	return b.Flush()
}

func appendJSON(line []byte, c cell) ([]byte, error) {
	switch c.kind {
	case missing:
		return append(line, "null"...), nil
	case number, truth:
		return append(line, c.text...), nil
	}
	quoted, err := json.Marshal(c.text)
	return append(line, quoted...), err
}
