// Package compare holds an area's indicators against the period before (环比)
// and the same period a year before (同比), and says which differences are more
// than noise.
//
// The calendar is minded in two ways. Flows (what happens per head and month,
// and numbers of cases) are compared per working day: the earlier value is
// brought to the working days of the present period. And since the Spring
// Festival falls now in January, now in February, what can be added up is
// compared for both months together where the festival has moved, as the
// National Bureau of Statistics publishes January and February together; what
// cannot be is marked. docs/comparisons.md gives the reasons.
package compare

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/panels"
)

//go:embed sql/*.sql
var statements embed.FS

// With says what a period is compared with.
type With string

// The two comparisons.
const (
	YearAgo With = "yoy" // 同比
	Before  With = "mom" // 环比; the quarter or the year before for those
)

// Cases are the codes of the two counts that are compared beside the indicators.
const (
	CasesReported = "cases_reported"
	CasesClosed   = "cases_closed"
)

// Figure is one value with its interval; low and high are NaN without one.
type Figure struct {
	From, To    string // first and last period; the same but for January and February together
	Numerator   float64
	Denominator float64
	Value       float64
	Low, High   float64
	N           int64
	Flag        string // the flags of indicator_value
}

// Comparison is one indicator held against one earlier period.
type Comparison struct {
	Code       string
	With       With
	Now, Then  Figure  // as they stand
	Expected   float64 // Then at the working days of Now; Then's value where working days do not matter
	Difference float64 // Now − Expected, in the unit of the value
	Relative   float64 // Difference over Expected; NaN where that is 0
	Low, High  float64 // the difference's 95 % interval, or the range of what is usual; NaN without a test
	Test       Test
	Clear      bool // the difference is more than noise
	Joint      bool // January and February together, since the Spring Festival moved
	Festival   bool // the Spring Festival lies in one of the two only, and could not be evened out
}

// Area compares all indicators of an area, and its numbers of cases, in one period,
// each with the period before and with the year before where both have values.
// period is a month (2026-02), quarter or year, of the kind that past and cases are of.
func Area(days WorkDays, cat catalogue.Catalogue, past *panels.History, cases Cases, period string) ([]Comparison, error) {
	p, err := parsePeriod(period)
	if err != nil {
		return nil, err
	}
	against := []earlier{{with: YearAgo, period: p.yearAgo()}, {with: Before, period: p.before()}}
	for i := range against {
		against[i].festivalMoved = festivalMoved(p, against[i].period)
	}
	latest := before(p, days)
	compared := append(codes(cat), CasesReported, CasesClosed)
	all := make([]Comparison, 0, len(compared)*len(against))
	for _, code := range compared {
		var h history = line{past.Of(code)}
		if counted, ok := cases[code]; ok {
			h = counted
		}
		ind, _ := cat.ByCode(code)
		s := subject{code: code, flow: isFlow(ind, code), additive: isAdditive(ind, code), scale: scale(ind), interval: ind.Interval, history: h, days: days, earlier: latest}
		for _, e := range against {
			if c, ok := s.compare(p, e); ok {
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// earlier is a period that the present one is compared with.
type earlier struct {
	with          With
	period        period
	festivalMoved bool
}

// subject is one indicator, or one count, of one area.
type subject struct {
	code     string
	flow     bool // grows with the number of working days
	additive bool // parts of months may be added up
	scale    float64
	interval string
	history  history
	days     WorkDays
	earlier  []dated // the periods before, the latest first
}

func (s subject) compare(p period, e earlier) (Comparison, bool) {
	now, ok := s.history.at(p.name())
	if !ok || math.IsNaN(now.Value) {
		return Comparison{}, false
	}
	then, ok := s.history.at(e.period.name())
	if !ok || math.IsNaN(then.Value) {
		return Comparison{}, false
	}
	c := Comparison{Code: s.code, With: e.with, Now: now, Then: then, Low: math.NaN(), High: math.NaN()}
	nowDays, thenDays := s.days.in(p), s.days.in(e.period)
	if e.festivalMoved {
		c.Festival = true
		if e.with == YearAgo && s.additive && p.kind == "month" {
			if n, t, ok := s.together(p); ok {
				c.Now, c.Then, c.Joint, c.Festival = n, t, true, false
				nowDays, thenDays = s.days.firstTwoMonths(p.year), s.days.firstTwoMonths(p.year-1)
			}
		}
	}
	factor := 1.0
	if s.flow && thenDays > 0 && nowDays > 0 {
		factor = nowDays / thenDays
	}
	c.Expected = c.Then.Value * factor
	c.Difference = c.Now.Value - c.Expected
	c.Relative = math.NaN()
	if c.Expected != 0 {
		c.Relative = c.Difference / c.Expected
	}
	c.judge(s, factor)
	return c, true
}

// together adds January and February up, this year's and last year's.
func (s subject) together(p period) (now, then Figure, ok bool) {
	now, ok = s.sum(p.year)
	if !ok {
		return now, then, false
	}
	then, ok = s.sum(p.year - 1)
	return now, then, ok
}

func (s subject) sum(year int) (Figure, bool) {
	january, ok1 := s.history.at(fmt.Sprintf("%d-01", year))
	february, ok2 := s.history.at(fmt.Sprintf("%d-02", year))
	if !ok1 || !ok2 || strings.Contains(february.Flag, "partial") {
		return Figure{}, false
	}
	f := Figure{From: january.From, To: february.To, Numerator: january.Numerator + february.Numerator,
		Denominator: january.Denominator + february.Denominator, N: january.N + february.N, Flag: joinFlags(january.Flag, february.Flag)}
	f.Value = f.Numerator / 2 // a count stays one per month
	if f.Denominator > 0 {
		f.Value = s.scale * f.Numerator / f.Denominator
	}
	f.Low, f.High = interval(s.interval, f.Numerator, f.Denominator, s.scale)
	return f, true
}

// isFlow says whether the value counts what happens in a month: it is then larger in a month with more working days.
func isFlow(ind catalogue.Indicator, code string) bool {
	if code == CasesReported || code == CasesClosed {
		return true
	}
	return ind.Kind == catalogue.Rate && ind.Time == "month" && ind.NumeratorOver == catalogue.Sum && ind.DenominatorOver == catalogue.Sum
}

// isAdditive says whether two months' numerators and denominators may be added up to a value with its interval.
func isAdditive(ind catalogue.Indicator, code string) bool {
	if code == CasesReported || code == CasesClosed {
		return true
	}
	return (ind.Kind == catalogue.Share || ind.Kind == catalogue.Rate) && ind.NumeratorOver == catalogue.Sum && ind.DenominatorOver == catalogue.Sum
}

func scale(ind catalogue.Indicator) float64 {
	if ind.Scale == 0 {
		return 1
	}
	return ind.Scale
}

func codes(cat catalogue.Catalogue) []string {
	all := make([]string, len(cat))
	for i, ind := range cat {
		all[i] = ind.Code
	}
	return all
}

// history is the figures of one indicator of an area by period.
type history interface {
	at(period string) (Figure, bool)
}

// line is the history of an indicator as panels read it.
type line struct{ panels.Line }

func (l line) at(period string) (Figure, bool) {
	r, ok := l.At(period)
	if !ok {
		return Figure{}, false
	}
	return Figure{From: r.Period, To: r.Period, Numerator: orNaN(r.Numerator), Denominator: orNaN(r.Denominator), Value: orNaN(r.Value),
		Low: orNaN(r.Low), High: orNaN(r.High), N: r.N, Flag: r.Flag}, true
}

func orNaN(v sql.NullFloat64) float64 {
	if !v.Valid {
		return math.NaN()
	}
	return v.Float64
}

// ReadWorkDays counts the working days of a snapshot, which do not change while it is open.
func ReadWorkDays(ctx context.Context, db *sql.DB) (WorkDays, error) {
	text, err := fs.ReadFile(statements, "sql/work_days.sql")
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, string(text))
	if err != nil {
		return nil, fmt.Errorf("count the working days: %w", err)
	}
	defer rows.Close()
	days := WorkDays{}
	for rows.Next() {
		var month time.Time
		var n float64
		if err := rows.Scan(&month, &n); err != nil {
			return nil, fmt.Errorf("count the working days: %w", err)
		}
		days[monthKey(month.Year(), int(month.Month()))] = n
	}
	return days, rows.Err()
}
