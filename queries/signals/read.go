package signals

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/spc"
)

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func open(ctx context.Context, db queryer, name string, args ...any) (*sql.Rows, error) {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return nil, err
	}
	result, err := db.QueryContext(ctx, string(text), args...)
	if err != nil {
		return nil, fmt.Errorf("%s.sql: %w", name, err)
	}
	return result, nil
}

// ErrNoChart says that there is no such chart: an unknown area or indicator, or too few
// cases.
var ErrNoChart = errors.New("no such chart")

// List returns the stored signals, newest first; "" stands for all indicators, levels or
// areas.
func List(ctx context.Context, db queryer, indicator, level, code string) ([]Signal, error) {
	result, err := open(ctx, db, "list", indicator, level, code)
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var out []Signal
	for result.Next() {
		var s Signal
		var rules, side string
		if err := result.Scan(&s.ID, &s.Key.Indicator, &s.Key.Level, &s.Key.Code, &s.Name, &s.Key.Grain, &s.Kind, &s.First, &s.Last, &s.SignalledOn,
			&s.Ongoing, &s.Points, &rules, &side, &s.Meaning, number{&s.Value}, number{&s.N}, number{&s.Centre}, number{&s.LowLimit}, number{&s.HighLimit},
			number{&s.Z}, number{&s.Peak}, number{&s.PeakZ}); err != nil {
			return nil, fmt.Errorf("read the signals: %w", err)
		}
		s.Rules, s.High = splitRules(rules), side == "high"
		out = append(out, s)
	}
	return out, result.Err()
}

// Known tells whether there is a signal with this number.
func Known(ctx context.Context, db queryer, id string) (bool, error) {
	all, err := List(ctx, db, "", "", "")
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(s Signal) bool { return s.ID == id }), nil
}

// Watches returns what was looked at.
func Watches(ctx context.Context, db queryer) ([]Watch, error) {
	result, err := open(ctx, db, "watch")
	if err != nil {
		return nil, err
	}
	defer result.Close()
	var out []Watch
	for result.Next() {
		var w Watch
		var rules string
		if err := result.Scan(&w.Indicator, &w.Level, &w.Grain, &rules, &w.Charts, &w.TooSmall, &w.Points, &w.Flagged, &w.ExpectedFalse); err != nil {
			return nil, fmt.Errorf("read what was watched: %w", err)
		}
		w.Rules = splitRules(rules)
		out = append(out, w)
	}
	return out, result.Err()
}

// Draw computes one chart from the snapshot, as the nightly run did; the grain of cases
// follows from their number. ErrNoChart where there is none.
func Draw(ctx context.Context, db queryer, cat catalogue.Catalogue, indicator, level, code string) (Chart, error) {
	var found Chart
	take := func(c Chart, _ catalogue.Indicator) error {
		found = c
		return nil
	}
	var err error
	if indicator == Cases {
		err = eachCounted(ctx, db, level, code, take)
	} else {
		err = eachMonthly(ctx, db, cat, indicator, level, code, take)
	}
	if err != nil {
		return Chart{}, err
	}
	if len(found.Points) == 0 {
		return Chart{}, fmt.Errorf("%w: %s of %s %s", ErrNoChart, indicator, level, code)
	}
	return found, nil
}

// RuleTexts are the rules in words, by code.
func RuleTexts() map[spc.Rule]catalogue.Text {
	out := map[spc.Rule]catalogue.Text{}
	for _, d := range spc.Rules() {
		out[d.Rule] = catalogue.Text{Zh: d.ZH, En: d.EN}
	}
	return out
}

// number scans a missing value as NaN.
type number struct{ to *float64 }

func (n number) Scan(v any) error {
	var f sql.NullFloat64
	if err := f.Scan(v); err != nil {
		return err
	}
	*n.to = math.NaN()
	if f.Valid {
		*n.to = f.Float64
	}
	return nil
}
