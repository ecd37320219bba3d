package panels

import (
	"context"
	"database/sql"
)

// Targets are all that were set, by the area's code. They are read once for all pages.
type Targets map[string][]target

// target was set for a level, an area and a period; where one of these is "", for all of them.
type target struct {
	indicator, level, code, period string
	value                          float64
}

// ReadTargets reads all targets.
func ReadTargets(ctx context.Context, db *sql.DB) (Targets, error) {
	rows, err := query(ctx, db, "targets", func(t *target) []any { return []any{&t.indicator, &t.level, &t.code, &t.period, &t.value} })
	all := Targets{}
	for _, t := range rows {
		all[t.code] = append(all[t.code], t)
	}
	return all, err
}

// Of returns the targets that were set for an area in a period, by indicator: of several, the narrowest.
func (all Targets) Of(level, code, period string) map[string]float64 {
	narrowest := map[string]target{}
	for _, some := range [][]target{all[code], all[""]} {
		for _, t := range some {
			if (t.level != "" && t.level != level) || (t.period != "" && t.period != period) {
				continue
			}
			if other, ok := narrowest[t.indicator]; !ok || t.narrowness() > other.narrowness() || t.narrowness() == other.narrowness() && t.value < other.value {
				narrowest[t.indicator] = t
			}
		}
	}
	found := make(map[string]float64, len(narrowest))
	for indicator, t := range narrowest {
		found[indicator] = t.value
	}
	return found
}

// narrowness is how much of level, area and period a target names.
func (t target) narrowness() (n int) {
	for _, named := range []string{t.level, t.code, t.period} {
		if named != "" {
			n++
		}
	}
	return n
}
