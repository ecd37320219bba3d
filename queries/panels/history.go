package panels

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"sync"
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

// Histories reads areas' histories.
type Histories struct{ question *sql.Stmt }

// PrepareHistories plans the question once, not for each area. It is closed with the database.
func PrepareHistories(ctx context.Context, db *sql.DB) (*Histories, error) {
	text, err := files.ReadFile("sql/area_history.sql")
	if err != nil {
		return nil, fmt.Errorf("question area_history: %w", err)
	}
	question, err := db.PrepareContext(ctx, string(text))
	if err != nil {
		return nil, fmt.Errorf("question area_history: %w", err)
	}
	return &Histories{question}, nil
}

// Read reads an area's history; kind is month, quarter or year.
func (h *Histories) Read(ctx context.Context, level, code, kind string) (*History, error) {
	rows, err := h.question.QueryContext(ctx, level, code, kind)
	if err != nil {
		return nil, fmt.Errorf("history of %s %s: %w", level, code, err)
	}
	defer rows.Close()
	var r Record
	into := []any{&r.Indicator, &r.Period, number{&r.Numerator}, number{&r.Denominator}, number{&r.Value}, &r.N, number{&r.Low}, number{&r.High}, &r.Flag}
	p := packers.Get().(*packer)
	defer packers.Put(p)
	p.clear()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("history of %s %s: %w", level, code, err)
		}
		p.add(&r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("history of %s %s: %w", level, code, err)
	}
	return p.history(level, code, kind), nil
}

// number takes a DOUBLE as the driver gives it: of ten thousand numbers, database/sql's own way takes a millisecond more.
type number struct{ *sql.NullFloat64 }

// Scan implements sql.Scanner.
func (n number) Scan(value any) error {
	var ok bool
	if n.Float64, ok = value.(float64); !ok && value != nil {
		return fmt.Errorf("%v is no DOUBLE", value)
	}
	n.Valid = ok
	return nil
}

// packer puts records into a history, in whatever order they come: putting them in order here
// takes a tenth of what it takes DuckDB, which sorts the texts.
type packer struct {
	indicators, periods, flags words
	rows                       []packedRow
	of                         []uint16 // each row's indicator
}

// packers are used again, for the room they have.
var packers = sync.Pool{New: func() any { return &packer{} }}

func (p *packer) clear() {
	*p = packer{rows: p.rows[:0], of: p.of[:0]}
}

func (p *packer) add(r *Record) {
	p.of = append(p.of, p.indicators.place(r.Indicator))
	p.rows = append(p.rows, r.pack(p.periods.place(r.Period), p.flags.place(r.Flag)))
}

func (p *packer) history(level, code, kind string) *History {
	h := &History{Level: level, Code: code, Kind: kind, flags: p.flags.list, rows: make([]packedRow, 0, len(p.rows))}
	var indicators, periods []int // places in the order of the texts
	h.indicators, indicators = p.indicators.sorted()
	h.periods, periods = p.periods.sorted()
	cells := make([]*packedRow, len(indicators)*len(periods)) // there is one row at most for an indicator and a period
	for i := range p.rows {
		r := &p.rows[i]
		r.period = uint16(periods[r.period])
		cells[indicators[p.of[i]]*len(periods)+int(r.period)] = r
	}
	for i, r := range cells {
		if r != nil {
			h.rows = append(h.rows, *r)
		}
		if (i+1)%len(periods) == 0 {
			h.ends = append(h.ends, len(h.rows))
		}
	}
	return h
}

// words are texts that come again and again, each held once.
type words struct {
	list []string
	at   map[string]uint16
}

func (w *words) place(text string) uint16 {
	at, known := w.at[text]
	if !known {
		if w.at == nil {
			w.at = map[string]uint16{}
		}
		at = uint16(len(w.list))
		w.at[text], w.list = at, append(w.list, text)
	}
	return at
}

// sorted are the texts in order, and the place there of each.
func (w *words) sorted() (texts []string, places []int) {
	texts, places = slices.Sorted(slices.Values(w.list)), make([]int, len(w.list))
	for i, text := range texts {
		places[w.at[text]] = i
	}
	return texts, places
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

// Series returns the indicator over the periods up to the last, most of them at most.
func (l Line) Series(last string, most int) []Point {
	end := sort.Search(len(l.rows), func(i int) bool { return l.history.periods[l.rows[i].period] > last })
	rows := l.rows[max(0, end-most):end]
	points := make([]Point, len(rows))
	for i := range rows {
		r := l.history.unpack(l.indicator, &rows[i])
		points[i] = Point{r.Indicator, r.Period, r.Value, r.Low, r.High, r.N, r.Flag}
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
