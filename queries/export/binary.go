package export

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"
)

// rowGroup is how many rows of a Parquet file stand together, as in DuckDB's own.
const rowGroup = 122_880

// writeParquet writes a Parquet file whose metadata name the snapshot and the query.
func writeParquet(w io.Writer, rows Rows, schema *arrow.Schema, source Source) error {
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(rowGroup))
	file, err := pqarrow.NewFileWriter(named(schema, source), hideClose{w}, properties, pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema()))
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := file.WriteBuffered(rows.Batch()); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return file.Close()
}

// named is the schema with the source in its metadata.
func named(schema *arrow.Schema, source Source) *arrow.Schema {
	metadata := arrow.NewMetadata([]string{"jiceng_snapshot", "jiceng_query_hash", "jiceng_date", "jiceng_sql"},
		[]string{source.Snapshot, source.Hash, source.Date, source.SQL})
	return arrow.NewSchema(schema.Fields(), &metadata)
}

// hideClose keeps a writer's Close from the library that would call it.
type hideClose struct{ io.Writer }

// writeArrow writes an Arrow IPC stream.
func writeArrow(w io.Writer, rows Rows, schema *arrow.Schema, source Source) error {
	out := ipc.NewWriter(w, ipc.WithSchema(named(schema, source)))
	for rows.Next() {
		batch := rows.Batch()
		if err := out.Write(batch); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return out.Close()
}

// What a worksheet can hold.
const (
	sheetRows    = 1_048_576
	sheetColumns = 16_384
	sheetText    = 32_767
)

// ErrSheet says that a result does not fit into a worksheet.
var ErrSheet = errors.New("the result does not fit into an Excel sheet (1,048,576 rows, 16,384 columns, 32,767 characters a cell): use CSV or Parquet")

// writeXLSX writes a worksheet with the rows and one that says where they come
// from. Numbers that Excel would round stay exact, as text.
func writeXLSX(w io.Writer, rows Rows, schema *arrow.Schema, source Source) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	styles, err := sheetStyles(book)
	if err != nil {
		return err
	}
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if schema.NumFields() > sheetColumns {
		return ErrSheet
	}
	line := make([]any, schema.NumFields())
	for i, f := range schema.Fields() {
		line[i] = excelize.Cell{StyleID: styles.head, Value: f.Name}
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := sheet.SetRow("A1", line); err != nil {
		return err
	}
	at := 1
	for rows.Next() {
		batch := rows.Batch()
		for row := range int(batch.NumRows()) {
			if at++; at > sheetRows {
				return ErrSheet
			}
			for i := range line {
				if line[i], err = styles.value(cellOf(batch.Column(i), row)); err != nil {
					return err
				}
			}
			if err := sheet.SetRow(fmt.Sprintf("A%d", at), line); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	if err := sourceSheet(book, source); err != nil {
		return err
	}
	_, err = book.WriteTo(w)
	return err
}

type styles struct{ head, date, moment int }

func sheetStyles(book *excelize.File) (styles, error) {
	var s styles
	var err error
	if s.head, err = book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return s, err
	}
	day, clock := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	if s.date, err = book.NewStyle(&excelize.Style{CustomNumFmt: &day}); err != nil {
		return s, err
	}
	s.moment, err = book.NewStyle(&excelize.Style{CustomNumFmt: &clock})
	return s, err
}

func (s styles) value(c cell) (any, error) {
	switch c.kind {
	case missing:
		return nil, nil
	case number:
		if c.isIn {
			return c.real, nil
		}
	case truth:
		return c.text == "true", nil
	case date, moment:
		if c.time.Year() < 1900 || c.time.Year() > 9999 { // Excel has no such dates
			return c.text, nil
		}
		style := s.date
		if c.kind == moment {
			style = s.moment
		}
		return excelize.Cell{StyleID: style, Value: c.time}, nil
	}
	if len(c.text) > sheetText {
		return nil, ErrSheet
	}
	return c.text, nil
}

// sourceSheet adds the worksheet that says how to make the result again.
func sourceSheet(book *excelize.File, source Source) error {
	const name = "source"
	if _, err := book.NewSheet(name); err != nil {
		return err
	}
	sql := strings.ToValidUTF8(source.SQL[:min(len(source.SQL), sheetText)], "")
	lines := [][2]string{{"snapshot", source.Snapshot}, {"query_hash", source.Hash}, {"date", source.Date}, {"sql", sql}}
	for i, line := range lines {
		if err := book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &[]string{line[0], line[1]}); err != nil {
			return err
		}
	}
	return nil
}
