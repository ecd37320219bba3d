package signals

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/spc"
)

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// poisson draws by multiplication (D. E. Knuth).
func poisson(rng *rand.Rand, mean float64) float64 {
	if mean > 30 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*rng.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), rng.Float64(), 0.0
	for product > limit {
		product *= rng.Float64()
		n++
	}
	return n
}

// years is a calendar of three years in which the first week of October is a holiday.
func years() []calendarDay {
	var out []calendarDay
	for d := day("2023-01-02"); d.Before(day("2026-01-05")); d = d.AddDate(0, 0, 1) {
		holiday := d.Month() == 10 && d.Day() <= 7
		work := !holiday && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		out = append(out, calendarDay{d, spc.Moment{Year: d.Year(), Month: int(d.Month()), Workday: work, Holiday: holiday}})
	}
	return out
}

// expect is the usual number of cases of a day: less at weekends and on holidays, more in
// summer, growing slowly.
func expect(d calendarDay, level float64) float64 {
	e := level * (1 + 0.15*math.Cos(2*math.Pi*float64(d.moment.Month-7)/12)) * (1 + 0.1*d.date.Sub(day("2023-01-02")).Hours()/24/1096)
	switch {
	case d.moment.Holiday:
		return 0.5 * e
	case !d.moment.Workday:
		return 0.7 * e
	}
	return e
}

// Counts of a process that has its week, its holidays, its seasons and its growth, but no
// special cause: hardly more points are flagged than known limits would flag. Counts are
// skewed, and seasons are not known before two years, so that twice as many are found.
func TestTheWeekHolidaysAndSeasonsRaiseNoAlarm(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 65))
	days := years()
	for grain, level := range map[Grain]float64{Day: 60, Week: 5} {
		flagged, points := 0.0, 0.0
		for range 12 {
			counts := make([]float64, len(days))
			for i, d := range days {
				counts[i] = poisson(rng, expect(d, level))
			}
			c, err := counted(Key{Indicator: Cases, Level: "subdistrict", Code: "x"}, days, counts)
			if err != nil || c.Key.Grain != grain {
				t.Fatal(c.Key, err)
			}
			for _, p := range c.Points {
				if p.judged() {
					points++
					if len(p.Rules) > 0 {
						flagged++
					}
				}
			}
		}
		want := spc.ExpectedFalseAlarms([]spc.Rule{spc.WE1}, 1, 1).PerPoint
		if rate := flagged / points; rate > 2.5*want || rate < want/3 {
			t.Errorf("by %s: %.4f of %v points are flagged, expected %.4f", grain, rate, points, want)
		} else {
			t.Logf("by %s: %.4f of %v points are flagged, expected %.4f", grain, rate, points, want)
		}
	}
}

func TestASurgeIsSignalledOnItsFirstDayWhateverComesAfter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 66))
	days := years()
	counts := make([]float64, len(days))
	surge := daysBetween(days[0].date, day("2024-07-15"))
	for i, d := range days {
		e := expect(d, 25)
		if i >= surge && i < surge+5 {
			e *= 2.5
		}
		counts[i] = poisson(rng, e)
	}
	key := Key{Indicator: Cases, Level: "subdistrict", Code: "x"}
	for _, until := range []int{surge + 1, surge + 20, len(days)} {
		c, err := counted(key, days[:until], counts[:until])
		if err != nil {
			t.Fatal(err)
		}
		var found *Signal
		for _, s := range c.find(catalogue.Indicator{}) {
			if s.First.Equal(day("2024-07-15")) {
				found = &s
			}
		}
		if found == nil || !found.High || !found.SignalledOn.Equal(day("2024-07-16")) || found.Meaning != Neutral {
			t.Fatalf("as known on %s: %+v", days[until-1].date, found)
		}
		if until > surge+5 && (found.Points < 5 || found.Ongoing) {
			t.Errorf("the surge lasts %d points", found.Points)
		}
	}
}

func TestARunOfFlaggedPointsOnOneSideIsOneSignal(t *testing.T) {
	point := func(k int, z float64, rules ...spc.Rule) Point {
		return Point{Start: day("2026-01-01").AddDate(0, k, 0), Value: z, Z: z, Rules: rules}
	}
	nan := math.NaN()
	c := Chart{Key: Key{"F13", "district", "d", Month}, Kind: spc.PPrime, Points: []Point{
		point(0, nan), point(1, 1), point(2, -3.2, spc.WE1), point(3, -4, spc.WE1), point(4, 3.5, spc.WE1), point(5, 0.2),
		point(6, nan), point(7, 3.1, spc.WE1), point(8, nan), point(9, 3.3, spc.WE1, spc.WE2),
	}}
	up := catalogue.Indicator{Direction: "up"}
	got := c.find(up)
	if len(got) != 3 {
		t.Fatalf("%d signals: %+v", len(got), got)
	}
	for i, want := range []struct {
		first   int
		points  int
		high    bool
		meaning Meaning
		ongoing bool
		peak    float64
	}{{2, 2, false, Worse, false, -4}, {4, 1, true, Better, false, 3.5}, {7, 2, true, Better, true, 3.3}} {
		s := got[i]
		if !s.First.Equal(day("2026-01-01").AddDate(0, want.first, 0)) || s.Points != want.points || s.High != want.high ||
			s.Meaning != want.meaning || s.Ongoing != want.ongoing || s.Peak != want.peak {
			t.Errorf("signal %d: %+v", i, s)
		}
	}
	if got[0].ID == got[1].ID || got[0].ID != c.find(up)[0].ID {
		t.Error("a signal's number must be its own and stay")
	}
	if m := meaning(catalogue.Indicator{Direction: "down"}, true); m != Worse {
		t.Errorf("more of what should be low is %s", m)
	}
}

// series is months of an indicator in an area: share(i) of n.
func series(level string, n, months int, share func(i int) float64) []month {
	var out []month
	for i := range months {
		x := math.Round(share(i) * float64(n))
		valid := func(v float64) sql.NullFloat64 { return sql.NullFloat64{Float64: v, Valid: true} }
		out = append(out, month{Key{"X", level, "a", Month}, day("2024-01-01").AddDate(0, i, 0), valid(x), valid(float64(n)), valid(x / float64(n)), sql.NullInt64{Int64: int64(n), Valid: true}})
	}
	return out
}

func TestEachKindOfIndicatorHasItsChart(t *testing.T) {
	steady := func(i int) float64 { return 0.8 + 0.02*float64(i%3-1) }
	for _, c := range []struct {
		ind  catalogue.Indicator
		n    int
		kind spc.Kind // "" for too few cases
	}{
		{catalogue.Indicator{Kind: catalogue.Share, Scale: 1}, 100, spc.PPrime},
		{catalogue.Indicator{Kind: catalogue.Share, Scale: 1}, 20, ""},
		{catalogue.Indicator{Kind: catalogue.Rate, Interval: "poisson", Scale: 1000}, 100, spc.UPrime},
		{catalogue.Indicator{Kind: catalogue.Rate, Interval: "poisson", Scale: 1000}, 5, ""},
		{catalogue.Indicator{Kind: catalogue.Survival, Scale: 1}, 100, spc.XmR},
		{catalogue.Indicator{Kind: catalogue.Survival, Scale: 1}, 20, ""},
	} {
		chart, err := monthly(c.ind, series("subdistrict", c.n, 30, steady))
		if err != nil || chart.Kind != c.kind || (c.kind == "") != (len(chart.Points) == 0) {
			t.Errorf("%s of %d: %q with %d points, %v", c.ind.Kind, c.n, chart.Kind, len(chart.Points), err)
		}
		if c.kind == spc.UPrime && math.Abs(chart.Points[20].Centre-800) > 20 {
			t.Errorf("centre %v is not in the indicator's unit", chart.Points[20].Centre)
		}
	}
	if watched(catalogue.Indicator{Time: "month"}) {
		t.Error("a count of people at a month's end is no process")
	}
	if len(rulesFor("community", Month)) != 1 || len(rulesFor("subdistrict", Month)) != 4 {
		t.Error("where there are many areas, only the strictest rule is applied")
	}
}

// An XmR chart's limits lie as far below the centre as above it, and so where no value
// can; they end where the indicator does, and what is flagged stays flagged.
func TestLimitsEndWhereValuesMust(t *testing.T) {
	valid := func(v float64) sql.NullFloat64 { return sql.NullFloat64{Float64: v, Valid: true} }
	draw := func(ind catalogue.Indicator, middle, step float64) Chart {
		t.Helper()
		var months []month
		for i := range 30 {
			v := middle + step*float64(i%3-1)
			if i == 25 {
				v = middle + 8*step
			}
			months = append(months, month{Key{"X", "subdistrict", "a", Month}, day("2024-01-01").AddDate(0, i, 0), valid(v), valid(1), valid(v), sql.NullInt64{Int64: 100, Valid: true}})
		}
		chart, err := monthly(ind, months)
		if err != nil || chart.Kind != spc.XmR {
			t.Fatal(chart.Kind, err)
		}
		return chart
	}
	free := catalogue.Indicator{Kind: catalogue.Mean, Scale: 1}
	for _, c := range []struct {
		name         string
		ind          catalogue.Indicator
		middle, step float64
		low, high    float64 // that must be reached, NaN where no limit is cut
	}{
		{"a duration", catalogue.Indicator{Kind: catalogue.Survival, Scale: 1}, 1, 0.5, 0, math.NaN()},
		{"an evenness", catalogue.Indicator{Kind: catalogue.Evenness, Scale: 1}, 0.1, 0.1, 0, math.NaN()},
		{"a high evenness", catalogue.Indicator{Kind: catalogue.Evenness, Scale: 1}, 0.9, -0.1, math.NaN(), 1},
		{"a mean mark", catalogue.Indicator{Kind: catalogue.Mean, Scale: 1, Range: &catalogue.Range{Low: 1, High: 5}}, 4.5, -0.4, math.NaN(), 5},
		{"a difference", free, 0, 0.5, math.NaN(), math.NaN()},
	} {
		got, uncut := draw(c.ind, c.middle, c.step), draw(free, c.middle, c.step)
		if len(got.find(c.ind)) != 1 {
			t.Errorf("%s: %d signals", c.name, len(got.find(c.ind)))
		}
		for i, p := range got.Points {
			u := uncut.Points[i]
			if !u.judged() {
				if !math.IsNaN(p.Low) || !math.IsNaN(p.High) {
					t.Errorf("%s: month %d has limits %v and %v before any are known", c.name, i, p.Low, p.High)
				}
				continue
			}
			low, high := u.Low, u.High
			if !math.IsNaN(c.low) {
				low = c.low
			}
			if !math.IsNaN(c.high) {
				high = c.high
			}
			if p.Low != low || p.High != high || p.Centre != u.Centre || p.Z != u.Z || len(p.Rules) != len(u.Rules) {
				t.Errorf("%s, month %d: %+v, without bounds %+v", c.name, i, p, u)
			}
		}
	}
}

func TestASignalIsStoredWithItsChartAndTheExpectedFalseAlarms(t *testing.T) {
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	for s := 1; s <= 3; s++ {
		exec(fmt.Sprintf("insert into area by name select 'subdistrict' as geo_level, 's%d' as geo_code, '街道%d' as name", s, s))
		for m := range 30 {
			x := 450 + rng.IntN(21) - 10
			if s == 2 && m >= 27 {
				x = 380
			}
			exec(fmt.Sprintf(`insert into indicator_value by name select 'F13' as indicator, 'subdistrict' as geo_level, 's%d' as geo_code, 'month' as period_kind,
				'%d-%02d' as period, %d as numerator, 500 as denominator, %v as value, 500 as n, %s as flag`, s, 2024+m/12, 1+m%12, x, float64(x)/500, map[bool]string{true: "'partial'", false: "null"}[m == 29]))
		}
	}
	exec("insert into snapshot_info values ('district_code', 'd'), ('as_of', '2025-06-29 23:59:59')")
	exec("insert into area by name select 'grid' as geo_level, 'g1' as geo_code, 'c1' as parent_code union all select 'community', 'c1', 's1'")
	for d := range 180 {
		exec(fmt.Sprintf("insert into case_day values (date '2025-01-01' + %d, 'g1', 'x', %d, 0), (date '2025-01-01' + %d, null, 'x', 5, 0)", d, 12+d%5+20*(d/170), d))
	}
	cat := catalogue.Catalogue{{Code: "F13", Kind: catalogue.Share, Direction: "up", Scale: 1, Time: "closed_at"}}
	if _, err := Run(ctx, conn, cat); err != nil {
		t.Fatal(err)
	}
	n, err := Run(ctx, conn, cat) // again: nothing doubles
	if err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, conn, "", "", "")
	if err != nil || int64(len(all)) != n {
		t.Fatalf("%d signals listed, %d found, %v", len(all), n, err)
	}
	slips, err := List(ctx, conn, "F13", "subdistrict", "s2")
	if err != nil || len(slips) == 0 {
		t.Fatal(slips, err)
	}
	slip := slips[0]
	if !slip.First.Equal(day("2026-04-01")) || !slip.SignalledOn.Equal(day("2026-05-01")) || !slip.Last.Equal(day("2026-05-01")) || slip.High || slip.Meaning != Worse || !slip.Ongoing || slip.Name != "街道2" {
		t.Errorf("%+v", slip)
	}
	chart, err := Draw(ctx, conn, cat, "F13", "subdistrict", "s2")
	if err != nil || len(chart.Points) != 29 || math.Abs(chart.Points[27].Value-0.76) > 1e-9 || chart.Points[27].Low < 0.8 {
		t.Errorf("%d points, %v", len(chart.Points), err)
	}
	surge, err := List(ctx, conn, Cases, "community", "c1")
	if err != nil || len(surge) != 1 || !surge[0].First.Equal(day("2025-06-20")) || surge[0].Key.Grain != Day {
		t.Errorf("surge: %+v, %v", surge, err)
	}
	if d, err := Draw(ctx, conn, cat, Cases, "district", "d"); err != nil || d.Points[0].Value != 17 {
		t.Errorf("a case without a grid counts for the district: %v, %v", d.Points, err)
	}
	if _, err := Draw(ctx, conn, cat, "F13", "subdistrict", "nowhere"); !errors.Is(err, ErrNoChart) {
		t.Errorf("err = %v", err)
	}
	watches, err := Watches(ctx, conn)
	if err != nil || len(watches) != 4 {
		t.Fatalf("%+v, %v", watches, err)
	}
	for _, w := range watches {
		if w.Indicator == "F13" && (w.Charts != 3 || w.Points != 36 || math.Abs(w.ExpectedFalse-36*spc.ExpectedFalseAlarms(spc.Standard(), 1, 1).PerPoint) > 1e-9) {
			t.Errorf("%+v", w)
		}
	}
}

func TestEveryRuleHasWords(t *testing.T) {
	texts := RuleTexts()
	for _, r := range spc.Standard() {
		if texts[r].Zh == "" || texts[r].En == "" {
			t.Errorf("rule %s has no words", r)
		}
	}
}
