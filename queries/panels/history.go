package panels

import (
	"context"
	"database/sql"
	"slices"
	"strings"
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
type History struct {
	Level, Code, Kind string
	records           []Record
}

// ReadHistory reads an area's history; kind is month, quarter or year.
func ReadHistory(ctx context.Context, db *sql.DB, level, code, kind string) (*History, error) {
	records, err := query(ctx, db, "area_history", func(r *Record) []any {
		return []any{&r.Indicator, &r.Period, &r.Numerator, &r.Denominator, &r.Value, &r.N, &r.Low, &r.High, &r.Flag}
	}, level, code, kind)
	// names that are held once instead of once for each of some thousand rows
	names := map[string]string{}
	once := func(s string) string {
		if held, ok := names[s]; ok {
			return held
		}
		names[s] = s
		return s
	}
	for i := range records {
		r := &records[i]
		r.Indicator, r.Period, r.Flag = once(r.Indicator), once(r.Period), once(r.Flag)
	}
	return &History{level, code, kind, slices.Clip(records)}, err
}

// Of is one indicator's records, oldest first.
func (h *History) Of(indicator string) []Record {
	from, _ := slices.BinarySearchFunc(h.records, indicator, func(r Record, code string) int { return strings.Compare(r.Indicator, code) })
	end := from
	for end < len(h.records) && h.records[end].Indicator == indicator {
		end++
	}
	return h.records[from:end]
}

// At is one indicator in one period.
func (h *History) At(indicator, period string) (Record, bool) {
	all := h.Of(indicator)
	i, found := slices.BinarySearchFunc(all, period, func(r Record, name string) int { return strings.Compare(r.Period, name) })
	if !found {
		return Record{}, false
	}
	return all[i], true
}

// Series returns the indicators over all periods up to the last.
func (h *History) Series(last string) []Point {
	var points []Point
	for _, r := range h.records {
		if r.Period <= last {
			points = append(points, Point{r.Indicator, r.Period, r.Value, r.Low, r.High, r.N, r.Flag})
		}
	}
	return points
}

// Values returns every indicator in one period, beside the same one of the area above
// (nil where there is none) and the target that was set for it.
func (h *History) Values(period string, above *History, targets map[string]float64) []Value {
	var values []Value
	for _, r := range h.records {
		if r.Period != period {
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

// Targets returns the targets that were set for an area in a period, by indicator.
func Targets(ctx context.Context, db *sql.DB, level, code, period string) (map[string]float64, error) {
	type target struct {
		indicator string
		value     float64
	}
	rows, err := query(ctx, db, "targets", func(t *target) []any { return []any{&t.indicator, &t.value} }, level, code, period)
	targets := map[string]float64{}
	for _, t := range rows {
		targets[t.indicator] = t.value
	}
	return targets, err
}
