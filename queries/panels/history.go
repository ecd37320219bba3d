package panels

import (
	"context"
	"database/sql"
	"slices"
	"sort"
)

// Record is one indicator of an area in one period. What is missing is not Valid.
type Record struct {
	Indicator, Period      string
	Numerator, Denominator sql.NullFloat64
	Value                  sql.NullFloat64
	N                      int64
	Low, High              sql.NullFloat64
	Flag                   string
}

// History is every indicator of one area in all periods of a kind, by indicator
// and period. A page asks for values, changes and lines of the same area: they
// are all in here, read at once.
//
// It is kept for many areas, so that its thousands of rows hold numbers only: a
// third of the memory of records, and nothing in it that the garbage collector follows.
type History struct {
	Level, Code, Kind string

	indicators, periods, flags []string    // in the order of the texts; flags as they come
	ends                       []int       // of each indicator's rows
	rows                       []packedRow // by indicator and period
}

// packedRow is a record with places in lists instead of texts.
type packedRow struct {
	numerator, denominator, value, low, high float64
	n                                        int64
	period, flag                             uint16
	valid                                    uint8 // which numbers there are, by the bits of packed
}

// Line is one indicator of a history, oldest period first.
type Line struct {
	history   *History
	indicator string
	rows      []packedRow
}

// ReadHistory reads an area's history; kind is month, quarter or year.
func ReadHistory(ctx context.Context, db *sql.DB, level, code, kind string) (*History, error) {
	records, err := query(ctx, db, "area_history", func(r *Record) []any {
		return []any{&r.Indicator, &r.Period, &r.Numerator, &r.Denominator, &r.Value, &r.N, &r.Low, &r.High, &r.Flag}
	}, level, code, kind)
	if err != nil {
		return nil, err
	}
	return newHistory(level, code, kind, records), nil
}

// newHistory packs records, which stand by indicator and period.
func newHistory(level, code, kind string, records []Record) *History {
	h := &History{Level: level, Code: code, Kind: kind, rows: make([]packedRow, len(records))}
	periods, flags := map[string]uint16{}, map[string]uint16{}
	for _, r := range records {
		periods[r.Period] = 0
	}
	for period := range periods {
		h.periods = append(h.periods, period)
	}
	slices.Sort(h.periods)
	for i, period := range h.periods {
		periods[period] = uint16(i)
	}
	for i, r := range records {
		if i == 0 || r.Indicator != records[i-1].Indicator {
			h.indicators, h.ends = append(h.indicators, r.Indicator), append(h.ends, i)
		}
		h.ends[len(h.ends)-1] = i + 1
		flag, known := flags[r.Flag]
		if !known {
			flag = uint16(len(h.flags))
			flags[r.Flag], h.flags = flag, append(h.flags, r.Flag)
		}
		h.rows[i] = r.pack(periods[r.Period], flag)
	}
	return h
}

func (r *Record) pack(period, flag uint16) packedRow {
	p := packedRow{numerator: r.Numerator.Float64, denominator: r.Denominator.Float64, value: r.Value.Float64, low: r.Low.Float64, high: r.High.Float64,
		n: r.N, period: period, flag: flag}
	for bit, valid := range []bool{r.Numerator.Valid, r.Denominator.Valid, r.Value.Valid, r.Low.Valid, r.High.Valid} {
		if valid {
			p.valid |= 1 << bit
		}
	}
	return p
}

// number is one of a row's numbers; bit is its place in pack.
func (p *packedRow) number(v float64, bit int) sql.NullFloat64 {
	return sql.NullFloat64{Float64: v, Valid: p.valid&(1<<bit) != 0}
}

func (h *History) unpack(indicator string, p *packedRow) Record {
	return Record{Indicator: indicator, Period: h.periods[p.period], Numerator: p.number(p.numerator, 0), Denominator: p.number(p.denominator, 1),
		Value: p.number(p.value, 2), Low: p.number(p.low, 3), High: p.number(p.high, 4), N: p.n, Flag: h.flags[p.flag]}
}

// line is the rows of the indicator at a place of the list.
func (h *History) line(i int) Line {
	from := 0
	if i > 0 {
		from = h.ends[i-1]
	}
	return Line{h, h.indicators[i], h.rows[from:h.ends[i]]}
}

// Of is one indicator of the history.
func (h *History) Of(indicator string) Line {
	i, found := slices.BinarySearch(h.indicators, indicator)
	if !found {
		return Line{history: h, indicator: indicator}
	}
	return h.line(i)
}

// At is one indicator in one period.
func (h *History) At(indicator, period string) (Record, bool) { return h.Of(indicator).At(period) }

// At is the indicator in one period.
func (l Line) At(period string) (Record, bool) {
	at, found := slices.BinarySearch(l.history.periods, period)
	if !found {
		return Record{}, false
	}
	i := sort.Search(len(l.rows), func(i int) bool { return int(l.rows[i].period) >= at })
	if i == len(l.rows) || int(l.rows[i].period) != at {
		return Record{}, false
	}
	return l.history.unpack(l.indicator, &l.rows[i]), true
}

// Series returns the indicator over all periods up to the last.
func (l Line) Series(last string) []Point {
	var points []Point
	for i := range l.rows {
		r := l.history.unpack(l.indicator, &l.rows[i])
		if r.Period > last {
			break
		}
		points = append(points, Point{r.Indicator, r.Period, r.Value, r.Low, r.High, r.N, r.Flag})
	}
	return points
}

// Values returns every indicator in one period, beside the same one of the area above
// (nil where there is none) and the target that was set for it.
func (h *History) Values(period string, above *History, targets map[string]float64) []Value {
	var values []Value
	for i := range h.indicators {
		r, ok := h.line(i).At(period)
		if !ok {
			continue
		}
		v := Value{Indicator: r.Indicator, Numerator: r.Numerator, Denominator: r.Denominator, Value: r.Value, N: r.N, Low: r.Low, High: r.High, Flag: r.Flag}
		if above != nil {
			if its, ok := above.At(r.Indicator, period); ok {
				v.Above = its.Value
			}
		}
		if target, ok := targets[r.Indicator]; ok {
			v.Target = sql.NullFloat64{Float64: target, Valid: true}
		}
		values = append(values, v)
	}
	return values
}
