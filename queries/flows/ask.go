package flows

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"time"

	"github.com/jiceng/jiceng/queries/ask"
	"github.com/jiceng/jiceng/queries/stat"
)

//go:embed sql/*.sql
var questions embed.FS

// By says what cases are counted by.
type By string

// What cases may be counted by: the areas right below, or one of their own fields.
const (
	Area     By = "area"
	Category By = "category"
	Channel  By = "channel"
	Handler  By = "handler" // the lead department, or "kind:<handler kind>" without one
)

// Scope is the cases a question is about: those of an area in the months from First
// to before End, and of one value of one field where Value is not "".
type Scope struct {
	Level, Code string // district, subdistrict, community or grid
	First, End  time.Time
	Only        By     // Category, Channel or Handler; without meaning where Value is ""
	Value       string // "": all cases
}

// cut names the rows of a table that answer for a scope grouped by something.
func (s Scope) cut(by By) (cut, value, group string, err error) {
	switch {
	case s.Value == "" && (by == Area || by == ""):
		return "all", "", "area", nil
	case s.Value == "":
		return string(by), "", "cut", nil
	case by == Area || by == "":
		return string(s.Only), s.Value, "area", nil
	case by == s.Only:
		return string(s.Only), s.Value, "cut", nil
	}
	return "", "", "", fmt.Errorf("cases of one %s are not counted by %s", s.Only, by)
}

// Group is the time to close of one group of cases.
type Group struct {
	Key    string // area code, category, channel or handler; "" where it is not known
	Cases  int64
	Closed int64
	Curve  stat.Curve // Kaplan–Meier share still open, in whole days
}

type leaving struct {
	part         string
	days         int64
	closed, open float64
}

// Speed returns the time to close of the cases reported in a scope: of all of them,
// and of each group. Cases still open are censored where they were last seen. A case
// closed within its first 24 hours counts as one day; conf is the level of the intervals.
func Speed(ctx context.Context, db *sql.DB, s Scope, by By, conf float64) (all Group, groups []Group, err error) {
	cut, value, group, err := s.cut(by)
	if err != nil {
		return all, nil, err
	}
	rows, err := ask.Rows(ctx, db, questions, "sql/speed.sql", func(r *leaving) []any {
		return []any{&r.part, &r.days, &r.closed, &r.open}
	}, s.Level, s.Code, s.First, s.End, cut, value, group)
	if err != nil {
		return all, nil, err
	}
	var every []stat.Tally
	tallies := map[string][]stat.Tally{}
	var order []string
	for _, r := range rows {
		t := stat.Tally{Time: float64(r.days), Ended: r.closed, Censored: r.open}
		if _, known := tallies[r.part]; !known {
			order = append(order, r.part)
		}
		tallies[r.part] = append(tallies[r.part], t)
		every = append(every, t)
	}
	if all, err = newGroup("", every, conf); err != nil {
		return all, nil, err
	}
	for _, key := range order {
		g, err := newGroup(key, tallies[key], conf)
		if err != nil {
			return all, nil, err
		}
		groups = append(groups, g)
	}
	return all, groups, nil
}

func newGroup(key string, tallies []stat.Tally, conf float64) (Group, error) {
	g := Group{Key: key}
	for _, t := range tallies {
		g.Closed += int64(t.Ended)
		g.Cases += int64(t.Ended + t.Censored)
	}
	var err error
	g.Curve, err = stat.KaplanMeierTally(tallies, conf)
	return g, err
}

// Open is the open cases of one age band, layer and state.
type Open struct {
	AgeFrom int64  // lower end of the band in days
	Layer   string // level first reported at, or priority; "" where it is not known
	State   string // overdue, not_due, no_limit, on_hold
	Cases   int64
}

// Backlog returns the cases open at the end of a scope's last month (or at the end of
// the data) by age, in layers by level or by priority.
func Backlog(ctx context.Context, db *sql.DB, s Scope, layers string) ([]Open, error) {
	cut, value, _, err := s.cut(Area)
	if err != nil {
		return nil, err
	}
	last, err := s.lastMonth(ctx, db)
	if err != nil {
		return nil, err
	}
	return ask.Rows(ctx, db, questions, "sql/backlog.sql", func(o *Open) []any {
		return []any{&o.AgeFrom, &o.Layer, &o.State, &o.Cases}
	}, s.Level, s.Code, last, s.End, cut, value, layers)
}

// lastMonth is the last month of the scope that the data reach.
func (s Scope) lastMonth(ctx context.Context, db *sql.DB) (time.Time, error) {
	var asOf time.Time
	if err := db.QueryRowContext(ctx, "select max(value) filter (key = 'as_of')::timestamp from snapshot_info").Scan(&asOf); err != nil {
		return asOf, fmt.Errorf("read how far the data reach: %w", err)
	}
	last := s.End.AddDate(0, -1, 0)
	if known := time.Date(asOf.Year(), asOf.Month(), 1, 0, 0, 0, 0, time.UTC); known.Before(last) {
		return known, nil
	}
	return last, nil
}

// Link is the closed cases that went from one stage of their way to the next.
type Link struct {
	Stage    int64 // 1 source → category, 2 category → handler, 3 handler → level closed at
	From, To string
	Cases    int64
}

// Ways returns the ways of the cases closed in a scope, largest link first within a
// stage. Only a category can narrow it; of one grid there is none.
func Ways(ctx context.Context, db *sql.DB, s Scope) ([]Link, error) {
	if s.Value != "" && s.Only != Category {
		return nil, fmt.Errorf("the ways of cases of one %s are not counted", s.Only)
	}
	return ask.Rows(ctx, db, questions, "sql/ways.sql", func(l *Link) []any {
		return []any{&l.Stage, &l.From, &l.To, &l.Cases}
	}, s.Level, s.Code, s.First, s.End, s.Value)
}

// Rise is the closed cases of one group by the level first reported at and the level
// closed at; a level that is not known is "".
type Rise struct {
	Key            string
	Reported, Done string
	Cases          int64
}

// Rises returns where the cases closed in a scope were first reported and closed.
func Rises(ctx context.Context, db *sql.DB, s Scope, by By) ([]Rise, error) {
	cut, value, group, err := s.cut(by)
	if err != nil {
		return nil, err
	}
	return ask.Rows(ctx, db, questions, "sql/rises.sql", func(r *Rise) []any {
		return []any{&r.Key, &r.Reported, &r.Done, &r.Cases}
	}, s.Level, s.Code, s.First, s.End, cut, value, group)
}

// Hour is the reports of one weekday (1 Monday – 7 Sunday) and hour; the hour is not
// Valid where the source keeps no time of day.
type Hour struct {
	Weekday int64
	Hour    sql.NullInt64
	Cases   int64
}

// Hours returns the reports of a scope by weekday and hour. Those of one value of a
// field are known down to the subdistrict, all others down to the community.
func Hours(ctx context.Context, db *sql.DB, s Scope) ([]Hour, error) {
	cut, value, _, err := s.cut(Area)
	if err != nil {
		return nil, err
	}
	return ask.Rows(ctx, db, questions, "sql/hours.sql", func(h *Hour) []any {
		return []any{&h.Weekday, &h.Hour, &h.Cases}
	}, s.Level, s.Code, s.First, s.End, cut, value)
}

// Day is the reports of one day.
type Day struct {
	Date  time.Time
	Cases int64
}

// Days returns the days of a scope that have reports. Only a category can narrow it.
func Days(ctx context.Context, db *sql.DB, s Scope) ([]Day, error) {
	if s.Value != "" && s.Only != Category {
		return nil, fmt.Errorf("days of one %s are not counted", s.Only)
	}
	return ask.Rows(ctx, db, questions, "sql/days.sql", func(d *Day) []any {
		return []any{&d.Date, &d.Cases}
	}, s.Level, s.Code, s.First, s.End, s.Value)
}

// Value is one value of a field with its cases.
type Value struct {
	Name  string // "" where it is not known
	Cases int64
}

// Values returns the categories and the channels of the cases reported in a scope, most first.
func Values(ctx context.Context, db *sql.DB, s Scope) (map[By][]Value, error) {
	type valueOf struct {
		field By
		Value
	}
	rows, err := ask.Rows(ctx, db, questions, "sql/values.sql", func(v *valueOf) []any {
		return []any{&v.field, &v.Name, &v.Cases}
	}, s.Level, s.Code, s.First, s.End)
	values := map[By][]Value{}
	for _, v := range rows {
		values[v.field] = append(values[v.field], v.Value)
	}
	return values, err
}
