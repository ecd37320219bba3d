// Package practices asks whether a governance practice (做法) worked: where it was
// introduced, did the indicator that it should move change more than in areas of the
// same parent where it was not?
//
// The nightly run calls Run, which evaluates every practice of the interventions feed
// and stores the results; pages call List and Points. The estimator itself, Evaluate,
// knows nothing of snapshots.
package practices

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed sql/*.sql
var statements embed.FS

// What the nightly run takes as "before", and how it draws the event study, in months.
const (
	baseMonths  = 12
	eventMonths = 3
)

// fewestClean is how many controls without any other practice must remain for areas with
// another practice to be left out of the controls.
const fewestClean = 10

// The practices that the literature on empowering governance describes, with the
// indicator that speaks for each where the feed names none.
var seeds = []struct {
	code, indicator string
	name            catalogue.Text
}{
	{"fengqiao", "E31", catalogue.Text{Zh: "枫桥经验", En: "Fengqiao Experience"}},
	{"local_mediators", "E32", catalogue.Text{Zh: "属地贤人", En: "Local mediators"}},
	{"social_work", "E15", catalogue.Text{Zh: "社会工作", En: "Social work"}},
	{"standardisation", "E33", catalogue.Text{Zh: "标准化治理", En: "Standard procedures"}},
	{"embedding", "E43", catalogue.Text{Zh: "嵌入式改革", En: "Embedded reform"}},
}

// The ways in which an effect is estimated; the first is the one that counts.
var methods = []struct {
	name       string
	options    Options
	stratified bool
}{
	{"main", Options{Base: baseMonths, Bin: eventMonths}, true},
	{"not_yet_treated", Options{Base: baseMonths, Bin: eventMonths, Controls: NotYetTreated, NoPermutation: true}, true},
	{"all_controls", Options{Base: baseMonths, Bin: eventMonths, NoPermutation: true}, false},
	{"last_month", Options{Base: 1, Bin: eventMonths, NoPermutation: true}, true},
}

// Run evaluates every practice of the snapshot that conn has open for writing, and stores
// the effects. It returns how many rows it wrote.
func Run(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) (int64, error) {
	for _, statement := range []string{"delete from practice_effect", "delete from practice_point"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return 0, err
		}
	}
	questions, err := list(ctx, conn, cat)
	if err != nil {
		return 0, err
	}
	answers := make([]answer, len(questions))
	var working errgroup.Group // the connection reads one panel while others are evaluated
	working.SetLimit(runtime.GOMAXPROCS(0))
	for i, q := range questions {
		p, readErr := readPanel(ctx, conn, q)
		working.Go(func() error {
			err := readErr
			if err == nil {
				answers[i], err = q.answer(p)
			}
			if err != nil {
				return fmt.Errorf("evaluate practice %s by %s: %w", q.practice, q.indicator.Code, err)
			}
			return nil
		})
		if readErr != nil {
			break
		}
	}
	if err := working.Wait(); err != nil {
		return 0, err
	}
	var all answer
	for _, a := range answers {
		all.effects, all.points = append(all.effects, a.effects...), append(all.points, a.points...)
	}
	if err := snapshot.AppendInfinite(ctx, conn, "", "practice_effect", all.effects); err != nil {
		return 0, err
	}
	return int64(len(all.effects) + len(all.points)), snapshot.AppendInfinite(ctx, conn, "", "practice_point", all.points)
}

// question is one practice at one level and one indicator that may have moved.
type question struct {
	practice              string
	name                  catalogue.Text
	level, role           string
	indicator             catalogue.Indicator
	known                 bool // the indicator is in the catalogue
	areas                 int
	firstStart, lastStart time.Time
}

// list asks, for each practice and level, about the indicator that it should move
// (expected) and about those that the catalogue files under the practice (related).
func list(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) ([]question, error) {
	rows, err := open(ctx, conn, "practices")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []question
	asked := map[[3]string]bool{}
	ask := func(q question, code, role string) {
		key := [3]string{q.practice, q.level, code}
		if asked[key] || code == "" {
			return
		}
		asked[key] = true
		q.role = role
		if q.indicator, q.known = cat.ByCode(code); !q.known {
			q.indicator.Code = code
		}
		out = append(out, q)
	}
	var all []question
	for rows.Next() {
		var q question
		var code sql.NullString
		if err := rows.Scan(&q.practice, &q.name.Zh, &q.name.En, &q.level, &code, &q.areas, &q.firstStart, &q.lastStart); err != nil {
			return nil, fmt.Errorf("read the practices: %w", err)
		}
		if !code.Valid {
			code.String = defaultIndicator(q.practice)
		}
		ask(q, code.String, "expected")
		all = append(all, q)
	}
	for _, q := range all {
		for _, ind := range cat {
			if slices.Contains(ind.Rows, q.practice) && ind.Direction != "neutral" {
				ask(q, ind.Code, "related")
			}
		}
	}
	return out, rows.Err()
}

func defaultIndicator(practice string) string {
	for _, s := range seeds {
		if s.code == practice {
			return s.indicator
		}
	}
	return ""
}

// answer is what comes out for one question, as rows of practice_effect and practice_point.
type answer struct{ effects, points [][]any }

// answer evaluates a question in every way.
func (q question) answer(p panel) (out answer, err error) {
	for i, m := range methods {
		units := p.units
		if !m.stratified {
			units = withoutStrata(units)
		}
		r, err := Evaluate(units, m.options)
		verdict := q.verdict(r, err)
		if len(p.units) == 0 {
			verdict = NoData
		}
		out.effect(q, m.name, r, verdict)
		if verdict == NoData || errors.Is(err, ErrNoTreated) || errors.Is(err, ErrNoControls) {
			return out, nil // no other way can do better
		}
		if err != nil {
			return out, err
		}
		if i == 0 {
			out.explain(q, p, r, m.options.Bin)
		}
	}
	return out, nil
}

func withoutStrata(units []Unit) []Unit {
	out := slices.Clone(units)
	for i := range out {
		out[i].Stratum = ""
	}
	return out
}

// panel is the areas' months.
type panel struct {
	units  []Unit
	months []string // 2025-11
}

// readPanel reads an indicator's months for all areas of the practice's level. An
// indicator that is not a ratio (a median, an index) counts every area-month the same.
func readPanel(ctx context.Context, conn *sql.Conn, q question) (panel, error) {
	rows, err := open(ctx, conn, "panel", q.indicator.Code, q.level, q.practice)
	if err != nil {
		return panel{}, err
	}
	defer rows.Close()
	var records []record
	var first, last time.Time
	for rows.Next() {
		var r record
		if err := rows.Scan(&r.code, &r.parent, &r.month, &r.num, &r.den, &r.value, &r.started, &r.aside, &r.other); err != nil {
			return panel{}, fmt.Errorf("read the months: %w", err)
		}
		if first.IsZero() || r.month.Before(first) {
			first = r.month
		}
		if r.month.After(last) {
			last = r.month
		}
		records = append(records, r)
	}
	if err := rows.Err(); err != nil || len(records) == 0 {
		return panel{}, err
	}
	return layOut(records, first, last, q.indicator), nil
}

// record is one row of panel.sql.
type record struct {
	code, parent    string
	month           time.Time
	num, den, value sql.NullFloat64
	started         sql.NullTime
	aside, other    bool
}

func layOut(records []record, first, last time.Time, ind catalogue.Indicator) panel {
	var p panel
	for m := first; !m.After(last); m = m.AddDate(0, 1, 0) {
		p.months = append(p.months, m.Format("2006-01"))
	}
	at := map[string]int{}
	other := map[string]bool{}
	for _, r := range records {
		i, seen := at[r.code]
		if !seen {
			i = len(p.units)
			at[r.code] = i
			u := Unit{Code: r.code, Stratum: r.parent, Start: Never, Num: make([]float64, len(p.months)), Den: make([]float64, len(p.months))}
			if r.started.Valid && !r.started.Time.After(last) {
				u.Start = monthsBetween(first, r.started.Time)
			}
			p.units = append(p.units, u)
			other[r.code] = r.other
		}
		t := monthsBetween(first, r.month)
		if num, den, ok := r.parts(ind); ok && !r.aside {
			p.units[i].Num[t], p.units[i].Den[t] = num, den
		}
	}
	p.units = cleanControls(p.units, other)
	return p
}

// parts gives the outcome of an area and month in the indicator's unit.
func (r record) parts(ind catalogue.Indicator) (num, den float64, ok bool) {
	if isRatio(ind) {
		return ind.Scale * r.num.Float64, r.den.Float64, r.num.Valid && r.den.Valid && r.den.Float64 > 0
	}
	return r.value.Float64, 1, r.value.Valid
}

func isRatio(ind catalogue.Indicator) bool {
	return ind.Kind == catalogue.Share || ind.Kind == catalogue.Rate
}

// monthsBetween counts months; a start before the first month is negative and must not be
// taken for Never.
func monthsBetween(first, then time.Time) int {
	n := (then.Year()-first.Year())*12 + int(then.Month()) - int(first.Month())
	if n < 0 {
		return 0 // treated all along: no before, so it is left out
	}
	return n
}

// cleanControls leaves out untreated areas in which another practice runs, if enough
// others remain.
func cleanControls(units []Unit, other map[string]bool) []Unit {
	clean := filter(units, func(u Unit) bool { return u.Start == Never && !other[u.Code] })
	if len(clean) < fewestClean {
		return units
	}
	return filter(units, func(u Unit) bool { return u.Start != Never || !other[u.Code] })
}

// effect adds one row of practice_effect.
func (a *answer) effect(q question, method string, r Result, verdict Verdict) {
	nan := math.NaN()
	if verdict == NoData || verdict == NoTreated || verdict == NoControls {
		none := Estimate{nan, nan, nan, nan, nan, nan, nan, nan}
		r.Before, r.After, r.ControlBefore, r.ControlAfter = nan, nan, nan, nan
		r.Overall, r.GroupAverage, r.EventAverage = none, none, none
		r.PreTrend, r.Permutation = Test{nan, nan, nan, nan}, Permutation{P: nan, Low: nan, High: nan}
	}
	o := r.Overall
	a.effects = append(a.effects, []any{q.practice, q.name.Zh, q.name.En, q.indicator.Code, q.role, q.level, method, q.firstStart, q.lastStart,
		q.areas, r.Treated, r.ControlUnits, r.LeftOut, r.Before, r.After, r.ControlBefore, r.ControlAfter,
		o.Value, o.StdError, o.DF, o.Low, o.High, o.P, r.Permutation.P, r.Permutation.Low, r.Permutation.High,
		o.ClustersTreated, o.ClustersControl, r.Few, r.PreTrend.Statistic, r.PreTrend.P,
		r.GroupAverage.Value, r.GroupAverage.StdError, r.EventAverage.Value, r.EventAverage.StdError, string(verdict)})
}

// explain adds the rows of practice_point: the effect's parts.
func (a *answer) explain(q question, p panel, r Result, bin int) {
	add := func(kind string, rest ...any) {
		a.points = append(a.points, append([]any{q.practice, q.indicator.Code, q.level, kind}, rest...))
	}
	for _, e := range r.Events {
		add("event", nil, nil, e.From, bin,
			e.Value, e.StdError, e.Low, e.High, e.SimLow, e.SimHigh, e.Treated, e.Control, nil, e.Cases)
	}
	for _, g := range r.Groups {
		add("group", p.months[g.Group], nil, nil, nil,
			g.Value, g.StdError, g.Low, g.High, nil, nil, nil, nil, g.Units, nil)
	}
	for _, c := range r.Cells {
		add("group_time", p.months[c.Group], p.months[max(0, c.Time)], c.Time-c.Group, bin,
			c.Value, c.StdError, c.Low, c.High, nil, nil, nil, nil, nil, nil)
	}
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func open(ctx context.Context, db queryer, name string, args ...any) (*sql.Rows, error) {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, string(text), args...)
	if err != nil {
		return nil, fmt.Errorf("%s.sql: %w", name, err)
	}
	return rows, nil
}
