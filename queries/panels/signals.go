package panels

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// Signal is one signal of a control chart, as the overview names it.
type Signal struct {
	Indicator, Level, Code, Name string
	SignalledOn                  time.Time
	Side, Meaning                string // high or low; better, worse or neutral
	Value, Centre                float64
	Ongoing                      bool

	above [2]string // level and code of the area above
	last  time.Time // when its run of points ends
}

// Signals are those of a snapshot, few enough to be read once for all pages.
type Signals struct {
	of map[[2]string][]Signal // by level and code, those of the areas right below too; what got worse first
}

// ReadSignals reads all signals.
func ReadSignals(ctx context.Context, db *sql.DB) (Signals, error) {
	rows, err := query(ctx, db, "signals", func(s *Signal) []any {
		return []any{&s.Indicator, &s.Level, &s.Code, &s.Name, &s.above[0], &s.above[1], &s.last, &s.SignalledOn, &s.Side, &s.Meaning, &s.Value, &s.Centre, &s.Ongoing}
	})
	all := Signals{map[[2]string][]Signal{}}
	for _, s := range rows {
		for _, at := range [][2]string{{s.Level, s.Code}, s.above} {
			all.of[at] = append(all.of[at], s)
		}
	}
	return all, err
}

// Of returns what stood out in a span in an area and those right below it, what got worse first.
// The value is that of the point farthest off.
func (all Signals) Of(a Area, first, end time.Time, most int) []Signal {
	var found []Signal
	for _, s := range all.of[[2]string{a.Level, a.Code}] {
		if s.last.Before(end) && !s.last.Before(first) && len(found) < most {
			found = append(found, s)
		}
	}
	return found
}

// ShowPeriod gives signals their indicators' values in a period, where there are any of that name.
func ShowPeriod(ctx context.Context, db *sql.DB, signals []*Signal, period string) error {
	byLevel := map[string][]*Signal{}
	for _, s := range signals {
		byLevel[s.Level] = append(byLevel[s.Level], s)
	}
	for level, some := range byLevel {
		if err := valueInPeriod(ctx, db, level, some, period); err != nil {
			return err
		}
	}
	return nil
}

// valueInPeriod gives signals of one level their indicators' values in a period, where there are any.
func valueInPeriod(ctx context.Context, db *sql.DB, level string, signals []*Signal, period string) error {
	type cell struct {
		indicator, code string
		value           float64
	}
	indicators := make([]string, len(signals))
	for i, s := range signals {
		indicators[i] = s.Indicator
	}
	first, last := ends(signals, func(s *Signal) string { return s.Code })
	cells, err := query(ctx, db, "signal_values", func(c *cell) []any { return []any{&c.indicator, &c.code, &c.value} },
		period, strings.Join(indicators, ","), level, first, last)
	for _, s := range signals {
		if i := slices.IndexFunc(cells, func(c cell) bool { return c.indicator == s.Indicator && c.code == s.Code }); i >= 0 {
			s.Value = cells[i].value
		}
	}
	return err
}
