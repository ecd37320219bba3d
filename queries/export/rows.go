package export

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// one is a table in memory as Rows: a single batch.
type one struct {
	batch arrow.RecordBatch
	read  bool
}

func (o *one) Next() bool {
	first := !o.read
	o.read = true
	return first
}

func (o *one) Batch() arrow.RecordBatch { return o.batch }

func (o *one) Err() error { return nil }

// InMemory makes Rows of a table of texts, numbers, truths and times, nil being what is
// missing. A column has the type of its values; one of whole and other numbers has floats.
func InMemory(columns []string, rows [][]any) (Rows, *arrow.Schema, error) {
	fields := make([]arrow.Field, len(columns))
	for i, name := range columns {
		fields[i] = arrow.Field{Name: name, Type: typeOf(rows, i), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range columns {
		for _, row := range rows {
			if err := add(b.Field(i), row[i]); err != nil {
				return nil, nil, fmt.Errorf("column %s: %w", columns[i], err)
			}
		}
	}
	return &one{batch: b.NewRecordBatch()}, schema, nil
}

func typeOf(rows [][]any, column int) arrow.DataType {
	var found arrow.DataType
	for _, row := range rows {
		switch row[column].(type) {
		case float64:
			return arrow.PrimitiveTypes.Float64
		case int, int64:
			found = arrow.PrimitiveTypes.Int64 // and look on for a float
		case bool:
			return arrow.FixedWidthTypes.Boolean
		case time.Time:
			return &arrow.TimestampType{Unit: arrow.Microsecond}
		case string:
			return arrow.BinaryTypes.String
		}
	}
	if found != nil {
		return found
	}
	return arrow.BinaryTypes.String // nothing but missing values
}

func add(b array.Builder, v any) error {
	switch b := b.(type) {
	case *array.Float64Builder:
		switch v := v.(type) {
		case float64:
			b.Append(v)
			return nil
		case int64:
			b.Append(float64(v))
			return nil
		case int:
			b.Append(float64(v))
			return nil
		}
	case *array.Int64Builder:
		switch v := v.(type) {
		case int64:
			b.Append(v)
			return nil
		case int:
			b.Append(int64(v))
			return nil
		}
	case *array.BooleanBuilder:
		if v, ok := v.(bool); ok {
			b.Append(v)
			return nil
		}
	case *array.TimestampBuilder:
		if v, ok := v.(time.Time); ok {
			b.Append(arrow.Timestamp(v.UnixMicro()))
			return nil
		}
	case *array.StringBuilder:
		if v, ok := v.(string); ok {
			b.Append(v)
			return nil
		}
	}
	if v != nil {
		return fmt.Errorf("%T is among values of another type", v)
	}
	b.AppendNull()
	return nil
}
