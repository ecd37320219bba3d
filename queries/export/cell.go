package export

import (
	"math"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// How dates and times are written: as the district reads them, sortable as text.
const (
	dateLayout = "2006-01-02"
	timeLayout = "2006-01-02 15:04:05.999999"
)

// kind says how a value is written where formats tell kinds apart.
type kind int

const (
	missing kind = iota
	text
	number // Text is a decimal number without a limit of digits
	truth
	date
	moment
)

// cell is one value: its exact text, and its kind.
type cell struct {
	kind kind
	text string
	time time.Time // of dates and moments
	real float64   // of numbers that a float64 holds exactly
	isIn bool      // whether real is set
}

// cellOf reads one value of a column.
func cellOf(column arrow.Array, row int) cell {
	if column.IsNull(row) {
		return cell{}
	}
	switch column := column.(type) {
	case *array.String:
		return cell{kind: text, text: column.Value(row)}
	case *array.Boolean:
		return cell{kind: truth, text: strconv.FormatBool(column.Value(row))}
	case *array.Int8:
		return integer(int64(column.Value(row)))
	case *array.Int16:
		return integer(int64(column.Value(row)))
	case *array.Int32:
		return integer(int64(column.Value(row)))
	case *array.Int64:
		return integer(column.Value(row))
	case *array.Uint8:
		return integer(int64(column.Value(row)))
	case *array.Uint16:
		return integer(int64(column.Value(row)))
	case *array.Uint32:
		return integer(int64(column.Value(row)))
	case *array.Uint64:
		return cell{kind: number, text: strconv.FormatUint(column.Value(row), 10), real: float64(column.Value(row)), isIn: column.Value(row) <= exactInteger}
	case *array.Float32:
		return float(float64(column.Value(row)), 32)
	case *array.Float64:
		return float(column.Value(row), 64)
	case *array.Decimal128:
		kind := column.DataType().(*arrow.Decimal128Type)
		value := column.Value(row)
		real := value.ToFloat64(kind.Scale)
		return cell{kind: number, text: value.ToString(kind.Scale), real: real, isIn: kind.Precision <= 15 || math.Abs(real) <= exactInteger && kind.Scale == 0}
	case *array.Date32:
		t := column.Value(row).ToTime()
		return cell{kind: date, text: t.Format(dateLayout), time: t}
	case *array.Timestamp:
		kind := column.DataType().(*arrow.TimestampType)
		t := column.Value(row).ToTime(kind.Unit)
		if kind.TimeZone != "" {
			return cell{kind: moment, text: t.Format(timeLayout) + "Z", time: t}
		}
		return cell{kind: moment, text: t.Format(timeLayout), time: t}
	}
	return cell{kind: text, text: column.ValueStr(row)}
}

// exactInteger is the largest range of whole numbers that a float64 holds without gaps.
const exactInteger = 1 << 53

func integer(v int64) cell {
	return cell{kind: number, text: strconv.FormatInt(v, 10), real: float64(v), isIn: v >= -exactInteger && v <= exactInteger}
}

// float writes a number so that reading it gives the same number. NaN and the
// infinities are no numbers to most readers, and are text here.
func float(v float64, bits int) cell {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return cell{kind: text, text: strconv.FormatFloat(v, 'g', -1, bits)}
	}
	return cell{kind: number, text: strconv.FormatFloat(v, 'g', -1, bits), real: v, isIn: true}
}
