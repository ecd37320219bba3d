package sandbox

import (
	"fmt"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	duck "github.com/duckdb/duckdb-go-bindings"
)

// column is one column of a result: how DuckDB stores it and how it travels in Arrow.
type column struct {
	name, typeName string
	kind           duck.Type
	storage        duck.Type      // of decimals: the integer behind
	arrow          arrow.DataType // nil: DuckDB must turn it into text first
	nested         bool           // of those: text means JSON
}

// plain are the types that go to Arrow as they are.
var plain = map[duck.Type]struct {
	name  string
	arrow arrow.DataType
}{
	duck.TypeBoolean:     {"BOOLEAN", arrow.FixedWidthTypes.Boolean},
	duck.TypeTinyInt:     {"TINYINT", arrow.PrimitiveTypes.Int8},
	duck.TypeSmallInt:    {"SMALLINT", arrow.PrimitiveTypes.Int16},
	duck.TypeInteger:     {"INTEGER", arrow.PrimitiveTypes.Int32},
	duck.TypeBigInt:      {"BIGINT", arrow.PrimitiveTypes.Int64},
	duck.TypeUTinyInt:    {"UTINYINT", arrow.PrimitiveTypes.Uint8},
	duck.TypeUSmallInt:   {"USMALLINT", arrow.PrimitiveTypes.Uint16},
	duck.TypeUInteger:    {"UINTEGER", arrow.PrimitiveTypes.Uint32},
	duck.TypeUBigInt:     {"UBIGINT", arrow.PrimitiveTypes.Uint64},
	duck.TypeFloat:       {"FLOAT", arrow.PrimitiveTypes.Float32},
	duck.TypeDouble:      {"DOUBLE", arrow.PrimitiveTypes.Float64},
	duck.TypeVarchar:     {"VARCHAR", arrow.BinaryTypes.String},
	duck.TypeDate:        {"DATE", arrow.FixedWidthTypes.Date32},
	duck.TypeTimestamp:   {"TIMESTAMP", &arrow.TimestampType{Unit: arrow.Microsecond}},
	duck.TypeTimestampTZ: {"TIMESTAMP WITH TIME ZONE", &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}},
	duck.TypeHugeInt:     {"HUGEINT", &arrow.Decimal128Type{Precision: 38, Scale: 0}},
}

func newColumn(name string, logical duck.LogicalType) column {
	c := column{name: name, kind: duck.GetTypeId(logical)}
	if p, ok := plain[c.kind]; ok {
		c.typeName, c.arrow = p.name, p.arrow
		return c
	}
	switch c.kind {
	case duck.TypeDecimal:
		width, scale := duck.DecimalWidth(logical), duck.DecimalScale(logical)
		c.typeName = fmt.Sprintf("DECIMAL(%d,%d)", width, scale)
		c.storage = duck.DecimalInternalType(logical)
		c.arrow = &arrow.Decimal128Type{Precision: int32(width), Scale: int32(scale)}
	case duck.TypeList, duck.TypeStruct, duck.TypeMap, duck.TypeArray, duck.TypeUnion:
		c.typeName, c.nested = "JSON", true
	default:
		c.typeName = "VARCHAR"
	}
	return c
}

// vector is one column of one chunk, as DuckDB lays it out in memory.
type vector struct {
	data     unsafe.Pointer
	validity unsafe.Pointer
}

func newVector(v duck.Vector) vector {
	return vector{duck.VectorGetData(v), duck.VectorGetValidity(v)}
}

func (v vector) valid(row int) bool {
	if v.validity == nil {
		return true
	}
	word := *(*uint64)(unsafe.Add(v.validity, row/64*8))
	return word&(1<<(row%64)) != 0
}

func at[T any](v vector, row int) T {
	var size T
	return *(*T)(unsafe.Add(v.data, row*int(unsafe.Sizeof(size))))
}

// inlined is the longest text that DuckDB keeps inside its 16-byte string_t.
const inlined = 12

// text is a value that lives as long as the chunk.
func (v vector) text(row int) string {
	start := unsafe.Add(v.data, row*16)
	length := *(*uint32)(start)
	if length <= inlined {
		return unsafe.String((*byte)(unsafe.Add(start, 4)), int(length))
	}
	return unsafe.String(*(**byte)(unsafe.Add(start, 8)), int(length))
}

func (v vector) textLength(row int) int { return int(*(*uint32)(unsafe.Add(v.data, row*16))) }

type hugeint struct {
	lower uint64
	upper int64
}

// appendRow copies one value into the column's builder.
func (c column) appendRow(b array.Builder, v vector, row int) {
	if !v.valid(row) {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(at[bool](v, row))
	case *array.Int8Builder:
		b.Append(at[int8](v, row))
	case *array.Int16Builder:
		b.Append(at[int16](v, row))
	case *array.Int32Builder:
		b.Append(at[int32](v, row))
	case *array.Int64Builder:
		b.Append(at[int64](v, row))
	case *array.Uint8Builder:
		b.Append(at[uint8](v, row))
	case *array.Uint16Builder:
		b.Append(at[uint16](v, row))
	case *array.Uint32Builder:
		b.Append(at[uint32](v, row))
	case *array.Uint64Builder:
		b.Append(at[uint64](v, row))
	case *array.Float32Builder:
		b.Append(at[float32](v, row))
	case *array.Float64Builder:
		b.Append(at[float64](v, row))
	case *array.StringBuilder:
		b.Append(v.text(row))
	case *array.Date32Builder:
		b.Append(arrow.Date32(at[int32](v, row)))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(at[int64](v, row)))
	case *array.Decimal128Builder:
		b.Append(c.decimal(v, row))
	default:
		panic(fmt.Sprintf("no way to fill %T", b)) // every type in plain and newColumn has a case above
	}
}

func (c column) decimal(v vector, row int) decimal128.Num {
	switch {
	case c.kind == duck.TypeHugeInt || c.storage == duck.TypeHugeInt:
		h := at[hugeint](v, row)
		return decimal128.New(h.upper, h.lower)
	case c.storage == duck.TypeBigInt:
		return decimal128.FromI64(at[int64](v, row))
	case c.storage == duck.TypeInteger:
		return decimal128.FromI64(int64(at[int32](v, row)))
	default:
		return decimal128.FromI64(int64(at[int16](v, row)))
	}
}
