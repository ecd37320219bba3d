// Package export writes the result of a query as CSV, JSON, XLSX, Parquet or
// Arrow, batch by batch, so that a large result needs no more memory than a
// small one.
package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// Rows is a result that is read batch by batch.
type Rows interface {
	Next() bool
	Batch() arrow.RecordBatch
	Err() error
}

// Column is a column's name and its DuckDB type.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Source says where a result comes from, so that anybody can make it again
// while the snapshot is kept.
type Source struct {
	Snapshot string `json:"snapshot"`
	Hash     string `json:"query_hash"`
	Date     string `json:"date"`
	SQL      string `json:"sql"`
}

// Format is a way to write a result.
type Format struct {
	Name, Extension, Type string
	write                 func(w io.Writer, rows Rows, schema *arrow.Schema, source Source) error
}

// formats in the order in which they are offered.
var formats = []Format{
	{"csv", ".csv", "text/csv; charset=utf-8", writeCSV},
	{"json", ".json", "application/json", writeJSON},
	{"xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writeXLSX},
	{"parquet", ".parquet", "application/vnd.apache.parquet", writeParquet},
	{"arrow", ".arrows", "application/vnd.apache.arrow.stream", writeArrow},
}

// Names lists the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// ByName returns the format with this name.
func ByName(name string) (Format, error) {
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("%q is not a format; there are %s", name, strings.Join(Names(), ", "))
	}
	return formats[i], nil
}

// Write writes all rows. An error leaves the output unfinished, so that a part is not taken for the whole.
func (f Format) Write(w io.Writer, rows Rows, schema *arrow.Schema, source Source) error {
	if err := f.write(w, rows, schema, source); err != nil {
		return fmt.Errorf("write %s: %w", f.Name, err)
	}
	return nil
}

// Hash names a query: the first 16 hexadecimal digits of the SHA-256 of its
// text without space around it.
func Hash(sql string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(sql)))
	return hex.EncodeToString(sum[:8])
}

// Text is one value as CSV and tables show it; a missing one is empty.
func Text(column arrow.Array, row int) string { return cellOf(column, row).text }
