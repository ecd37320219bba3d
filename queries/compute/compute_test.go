package compute_test

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/stat"
)

// tinyDistrict is a district small enough to count by hand.
//
//go:embed testdata/tiny_district.sql
var tinyDistrict string

func computed(t *testing.T, fixture string) *sql.Conn {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, fixture); err != nil {
		t.Fatal(err)
	}
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := compute.Run(ctx, conn, cat, compute.Options{}); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestWhatIsMissingHasNoValue(t *testing.T) {
	conn := computed(t, `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population, households) values ('G1', 'C1', 'S1', 'D', 10, 5);
insert into cases (case_id, grid_code, reported_at, status) values ('1', 'G1', timestamp '2026-01-05 08:00', 'handling');`)
	rows, err := conn.QueryContext(context.Background(), "select distinct indicator from indicator_value where value is not null order by 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			t.Fatal(err)
		}
		got = append(got, code)
	}
	// One open case without a limit: only that it is open and was worth reporting can be told, and that its grid is filled.
	if fmt.Sprint(got) != "[E53 F22 F28 F29]" {
		t.Errorf("indicators with a value: %v, want [E53 F22 F28 F29]", got)
	}
}

func TestIntervalsAgreeWithTheStatPackage(t *testing.T) {
	conn := computed(t, tinyDistrict)
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(context.Background(), "select indicator, numerator, denominator, value, low, high from indicator_value where low is not null and high is not null")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var code string
		var x, d, value, low, high float64
		if err := rows.Scan(&code, &x, &d, &value, &low, &high); err != nil {
			t.Fatal(err)
		}
		ind, _ := cat.ByCode(code)
		var want stat.Estimate
		switch ind.Interval {
		case "wilson":
			want = stat.Wilson(x, d, 0.95)
		case "poisson":
			want = stat.PoissonRate(x, d/ind.Scale, 0.95)
		default: // curves and means have tests of their own
			continue
		}
		if math.Abs(low-want.Low) > 1e-9 || math.Abs(high-want.High) > 1e-9 {
			t.Errorf("%s %v of %v: [%v, %v], want [%v, %v]", code, x, d, low, high, want.Low, want.High)
		}
		if value < low || value > high {
			t.Errorf("%s: %v lies outside of its own interval [%v, %v]", code, value, low, high)
		}
		n++
	}
	if n == 0 {
		t.Fatal("no value has an interval")
	}
}

// clocks is a district of one grid a subdistrict, whose cases have run for so many hours; negative ones are still open.
func clocks(groups map[string][]int) string {
	fixture := "insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');\n"
	for group, hours := range groups {
		fixture += fmt.Sprintf("insert into grids (grid_code, community_code, subdistrict_code, district_code) values ('G%[1]s', 'C%[1]s', '%[1]s', 'D');\n", group)
		for i, h := range hours {
			closed := "timestamp '2026-03-10 12:00'"
			if h < 0 {
				h, closed = -h, "null"
			}
			fixture += fmt.Sprintf("insert into cases (case_id, grid_code, reported_at, closed_at, status) values ('%s%d', 'G%[1]s', timestamp '2026-03-10 12:00' - interval (%[3]d) hour, %[4]s, 'handling');\n",
				group, i, h, closed)
		}
	}
	return fixture
}

// 42 children with leukaemia, weeks in remission (taken for hours here), from E. J. Freireich et al., Blood 21, 1963, as
// printed in J. P. Klein and M. L. Moeschberger, "Survival Analysis", table 1.1. Medians 23 and 8 weeks; intervals as R's
// survfit with conf.type = "log-log" gives them: 13 to not reached, and 4 to 11. On placebo 19 of 21 relapsed by week 17,
// so that this is the 90th percentile; with 6-MP it is not reached.
func TestKaplanMeierQuantilesOfAPublishedTrial(t *testing.T) {
	conn := computed(t, clocks(map[string][]int{
		"mp6":     {10, 7, -32, 23, 22, 6, 16, -34, -32, -25, -11, -20, -19, 6, -17, -35, 6, 13, -9, -6, -10},
		"placebo": {1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8},
	}))
	none := math.NaN()
	for _, c := range []struct {
		code, group      string
		value, low, high float64
	}{{"F14", "mp6", 23, 13, none}, {"F14", "placebo", 8, 4, 11}, {"F15", "mp6", none, none, none}, {"F15", "placebo", 17, 12, none}} {
		var value, low, high sql.NullFloat64
		err := conn.QueryRowContext(context.Background(),
			"select value * 24, low * 24, high * 24 from indicator_value where indicator = ? and geo_code = ? and period = '2026'", c.code, c.group).Scan(&value, &low, &high)
		if err != nil {
			t.Fatal(err)
		}
		same := func(got sql.NullFloat64, want float64) bool {
			return got.Valid != math.IsNaN(want) && (!got.Valid || math.Abs(got.Float64-want) < 1e-9)
		}
		if !same(value, c.value) || !same(low, c.low) || (c.code == "F14" && !same(high, c.high)) {
			t.Errorf("%s of %s: %v [%v, %v], want %v [%v, %v]", c.code, c.group, value, low, high, c.value, c.low, c.high)
		}
	}
}

// In SQL and in Go the curve is the same, for any mixture of ended and open cases.
func TestQuantilesAgreeWithTheStatPackage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	groups := map[string][]int{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		for range 20 + random.IntN(150) {
			h := 1 + int(-40*math.Log(1-random.Float64()))
			if random.Float64() < 0.3 {
				h = -h
			}
			groups[name] = append(groups[name], max(min(h, 239), -239))
		}
	}
	conn := computed(t, clocks(groups))
	for name, hours := range groups {
		times, ended := make([]float64, len(hours)), make([]bool, len(hours))
		for i, h := range hours {
			times[i], ended[i] = math.Abs(float64(h)), h > 0
		}
		curve, err := stat.KaplanMeier(times, ended, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for code, q := range map[string]float64{"F14": 0.5, "F15": 0.9} {
			want := curve.Quantile(q)
			var value, low, high sql.NullFloat64
			if err := conn.QueryRowContext(context.Background(),
				"select value * 24, low * 24, high * 24 from indicator_value where indicator = ? and geo_level = 'subdistrict' and geo_code = ? and period = '2026'", code, name).Scan(&value, &low, &high); err != nil {
				t.Fatal(err)
			}
			for what, pair := range map[string][2]float64{"value": {orInf(value), want.Value}, "low": {orInf(low), want.Low}, "high": {orInf(high), want.High}} {
				if pair[0] != pair[1] && math.Abs(pair[0]-pair[1]) > 1e-6 {
					t.Errorf("%s of group %s (%d cases): %s %v, want %v", code, name, len(hours), what, pair[0], pair[1])
				}
			}
		}
	}
}

func orInf(v sql.NullFloat64) float64 {
	if !v.Valid {
		return math.Inf(1)
	}
	return v.Float64
}

// 8 of 10: 0.490 to 0.943, the textbook example of Wilson's interval (1927). An exact count of 10: 4.80 to 18.39
// (Pearson and Hartley, "Biometrika Tables for Statisticians", table 40).
func TestIntervalsAgreeWithPublishedOnes(t *testing.T) {
	fixture := `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-31 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code) values ('G', 'C', 'S', 'D');
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, handoffs)
select i, 'G', timestamp '2026-03-01', timestamp '2026-03-10', if(i < 8, timestamp '2026-03-05', timestamp '2026-03-15'), 'closed', 1 from range(10) as t(i);`
	conn := computed(t, fixture)
	for code, want := range map[string][3]float64{"F13": {0.490, 0.943, 5e-4}, "F42": {0.480, 1.839, 6e-4}} {
		var low, high float64
		if err := conn.QueryRowContext(context.Background(),
			"select low, high from indicator_value where indicator = ? and geo_level = 'district' and period = '2026-03'", code).Scan(&low, &high); err != nil {
			t.Fatal(err)
		}
		if math.Abs(low-want[0]) > want[2] || math.Abs(high-want[1]) > want[2] {
			t.Errorf("%s: [%v, %v], want %v", code, low, high, want)
		}
	}
}

// ofKinds are the codes of indicators for which keep holds, as an SQL list.
func ofKinds(t *testing.T, keep func(catalogue.Indicator) bool) string {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, ind := range cat {
		if keep(ind) {
			codes = append(codes, "'"+ind.Code+"'")
		}
	}
	return strings.Join(codes, ", ")
}

func count(t *testing.T, conn *sql.Conn, query string) int {
	t.Helper()
	var n int
	if err := conn.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Flows of what lies in a grid: the parts of a community are those of its grids, and so on up.
func TestPartsAddUpOverAreas(t *testing.T) {
	conn := computed(t, tinyDistrict)
	codes := ofKinds(t, func(ind catalogue.Indicator) bool {
		return (ind.Kind == catalogue.Share || ind.Kind == catalogue.Rate || ind.Kind == catalogue.Mean) &&
			ind.NumeratorOver == catalogue.Sum && ind.DenominatorOver == catalogue.Sum &&
			ind.Fact != "community_month" && ind.Fact != "appraisal_pair"
	})
	wrong := count(t, conn, `
with sums as (
  select indicator, period, geo_level, sum(numerator) as numerator, sum(denominator) as denominator
  from indicator_value
  where indicator in (`+codes+`)
  group by all
)
select count(*)
from sums as a
join sums as b using (indicator, period)
where a.geo_level = 'subdistrict'
  and b.geo_level in ('community', 'grid')
  -- areas without a denominator have no row, and may have a numerator
  and a.indicator not in ('F61')
  and (abs(a.numerator - b.numerator) > 1e-9 or abs(a.denominator - b.denominator) > 1e-9)`)
	if wrong > 0 {
		t.Errorf("%d sums over communities or grids differ from those over subdistricts", wrong)
	}
	months := count(t, conn, `
with quarter as (
  select indicator, geo_level, geo_code, sum(numerator) as numerator, sum(denominator) as denominator
  from indicator_value
  where period_kind = 'month' and period between '2026-01' and '2026-03' and indicator in (`+codes+`)
  group by all
)
select count(*)
from quarter as m
join indicator_value as q using (indicator, geo_level, geo_code)
where q.period = '2026-Q1'
  and m.indicator not in ('F61')
  and (abs(m.numerator - q.numerator) > 1e-9 or abs(m.denominator - q.denominator) > 1e-9)`)
	if months > 0 {
		t.Errorf("%d quarters are not the sum of their months", months)
	}
}

func TestNoValueLiesOutsideOfItsInterval(t *testing.T) {
	conn := computed(t, tinyDistrict)
	if n := count(t, conn, "select count(*) from indicator_value where geo_code_end is distinct from right(geo_code, 8)"); n > 0 {
		t.Errorf("%d values are not found by the end of their area's code", n)
	}
	if n := count(t, conn, "select count(*) from indicator_value where value < low - 1e-12 or value > high + 1e-12 or low > high"); n > 0 {
		t.Errorf("%d values lie outside of their intervals", n)
	}
	shares := ofKinds(t, func(ind catalogue.Indicator) bool {
		return ind.Kind == catalogue.Share || ind.Kind == catalogue.Evenness
	})
	if n := count(t, conn, "select count(*) from indicator_value where indicator in ("+shares+") and (value < 0 or value > 1 or smoothed < 0 or smoothed > 1)"); n > 0 {
		t.Errorf("%d shares are below 0 or above 1", n)
	}
	if n := count(t, conn, "select count(*) from (select 1 from indicator_value group by indicator, geo_level, geo_code, period having count(*) > 1)"); n > 0 {
		t.Errorf("%d values stand there twice", n)
	}
}

// allValues is every value as one text; sums of floating-point numbers may differ in their last digits.
const allValues = `
select string_agg(concat_ws(' ', indicator, geo_level, geo_code, period, round(numerator, 9), round(denominator, 9), round(value, 9), n,
  round(low, 9), round(high, 9), flag, round(smoothed, 9)), chr(10) order by indicator, geo_level, geo_code, period)
from indicator_value`

// The same rows loaded in the opposite order give the same values.
func TestTheOrderOfRowsDoesNotMatter(t *testing.T) {
	turned := tinyDistrict
	for _, table := range []string{"cases", "case_events", "satisfaction", "staff", "grids", "activities", "training"} {
		turned += "\ncreate temp table turned as select * from " + table + " order by rowid desc; delete from " + table + "; insert into " + table + " select * from turned; drop table turned;"
	}
	var straight, other string
	if err := computed(t, tinyDistrict).QueryRowContext(context.Background(), allValues).Scan(&straight); err != nil {
		t.Fatal(err)
	}
	if err := computed(t, turned).QueryRowContext(context.Background(), allValues).Scan(&other); err != nil {
		t.Fatal(err)
	}
	if straight != other {
		t.Error("values depend on the order of rows")
	}
}

// Computing again on the same snapshot changes nothing: nightly runs start from yesterday's tables.
func TestComputingTwiceGivesTheSame(t *testing.T) {
	conn := computed(t, tinyDistrict)
	var first, second string
	if err := conn.QueryRowContext(context.Background(), allValues).Scan(&first); err != nil {
		t.Fatal(err)
	}
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := compute.Run(context.Background(), conn, cat, compute.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRowContext(context.Background(), allValues).Scan(&second); err != nil {
		t.Fatal(err)
	}
	if first != second {
		a, b := strings.Split(first, "\n"), strings.Split(second, "\n")
		t.Errorf("a second run gives other values: %d rows, then %d", len(a), len(b))
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("first %s, then %s", a[i], b[i])
			}
		}
	}
}

// Smoothing in SQL is that of package stat, for shares and for rates.
func TestSmoothingAgreesWithTheStatPackage(t *testing.T) {
	fixture := `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-31 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code) select 'G' || g, 'C' || g // 4, 'S', 'D' from range(12) as t(g);
insert into cases (case_id, grid_code, reported_at, closed_at, due_at, status, handoffs)
select g || '-' || i, 'G' || g, timestamp '2026-03-02 08:00', timestamp '2026-03-03 08:00',
  timestamp '2026-03-03 08:00' - interval 1 hour * (i % 7 < g % 5)::integer, 'closed', (i * g) % (g + 2)
from range(12) as t(g), range(60) as u(i)
where i < 5 + 4 * g;`
	conn := computed(t, fixture)
	for _, c := range []struct {
		code   string
		shrink func(x, n []float64, conf float64) (stat.Prior, []stat.Shrunk, error)
	}{{"F13", stat.ShrinkShares}, {"F42", stat.ShrinkRates}} {
		rows, err := conn.QueryContext(context.Background(),
			"select numerator, denominator, smoothed from indicator_value where indicator = ? and geo_level = 'grid' and period = '2026-03' order by geo_code", c.code)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var x, n, smoothed []float64
		for rows.Next() {
			var a, b, s float64
			if err := rows.Scan(&a, &b, &s); err != nil {
				t.Fatal(err)
			}
			x, n, smoothed = append(x, a), append(n, b), append(smoothed, s)
		}
		prior, want, err := c.shrink(x, n, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if prior.Variance == 0 || len(x) != 12 {
			t.Fatalf("%s: %d grids, prior %+v: the fixture should have grids that differ", c.code, len(x), prior)
		}
		for i := range want {
			if math.Abs(smoothed[i]-want[i].Value) > 1e-9 {
				t.Errorf("%s grid %d: %v, want %v", c.code, i, smoothed[i], want[i].Value)
			}
		}
	}
}

// The mean of 11, 12 and 16 is 13 ± 4.302653 · √7 / √3 (Student's t with two degrees of freedom, 0.975: 4.3027,
// from any printed table). Scores are bounded by their scale, so the interval of 1, 2 and 5 ends at 1 and 5.
func TestTheIntervalOfAMeanIsStudents(t *testing.T) {
	conn := computed(t, `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-31 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code) values ('G', 'C', 'S', 'D');
insert into cases (case_id, grid_code, reported_at) values ('1', 'G', timestamp '2026-03-01 08:00');
insert into appraisals (from_org, to_org, direction, period, score) values
  ('a', 'S', 'department_on_subdistrict', date '2026-03-01', 91), ('S', 'a', 'subdistrict_on_department', date '2026-03-01', 80),
  ('b', 'S', 'department_on_subdistrict', date '2026-03-01', 92), ('S', 'b', 'subdistrict_on_department', date '2026-03-01', 80),
  ('c', 'S', 'department_on_subdistrict', date '2026-03-01', 96), ('S', 'c', 'subdistrict_on_department', date '2026-03-01', 80);
insert into satisfaction (survey_id, grid_code, surveyed_at, responded, score) values
  ('1', 'G', timestamp '2026-03-02', true, 1), ('2', 'G', timestamp '2026-03-02', true, 2), ('3', 'G', timestamp '2026-03-02', true, 5);`)
	half := 4.302652729911275 * math.Sqrt(7.0/3)
	for code, want := range map[string][3]float64{"E45": {13, 13 - half, 13 + half}, "F53": {8.0 / 3, 1, 5}} {
		var value, low, high float64
		if err := conn.QueryRowContext(context.Background(),
			"select value, low, high from indicator_value where indicator = ? and geo_level = 'district' and period = '2026-03'", code).Scan(&value, &low, &high); err != nil {
			t.Fatal(err)
		}
		if math.Abs(value-want[0]) > 1e-9 || math.Abs(low-want[1]) > 1e-6 || math.Abs(high-want[2]) > 1e-6 {
			t.Errorf("%s: %v [%v, %v], want %v", code, value, low, high, want)
		}
	}
}

// A feed that stops is not a feed that counts zero: its months have no value, and a month with less than half of the
// usual rows is flagged.
func TestAFeedThatStopsIsMissingAndOneThatThinsIsFlagged(t *testing.T) {
	conn := computed(t, `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-06-30 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population) values ('G', 'C', 'S', 'D', 1000);
insert into cases (case_id, grid_code, reported_at) select i, 'G', timestamp '2026-01-01' + interval 1 hour * (i * 4) from range(1080) as t(i);
insert into activities (activity_id, kind, grid_code, held_on, participants)
select i, 'party', 'G', date '2026-01-01' + (i % 90)::integer, 10
from range(360) as t(i)
where i % 90 < 59 or i < 90;`)
	got := map[string]string{}
	rows, err := conn.QueryContext(context.Background(),
		"select period, coalesce(flag, '') from indicator_value where indicator = 'E11' and geo_level = 'district' order by period")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var period, flag string
		if err := rows.Scan(&period, &flag); err != nil {
			t.Fatal(err)
		}
		got[period] = flag
	}
	// four a day in January and February, one a day in March, none after
	want := map[string]string{"2026-01": "", "2026-02": "", "2026-03": "incomplete", "2026-Q1": "incomplete", "2026-Q2": "incomplete", "2026": "partial,incomplete"}
	delete(want, "2026-Q2") // a quarter without any month that is covered has no row either
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("flags %v, want %v", got, want)
	}
}

// What is still being closed is not yet comparable with months that had their time.
func TestValuesThatStillMoveAreFlagged(t *testing.T) {
	conn := computed(t, tinyDistrict)
	for _, c := range []struct {
		indicator, period string
		want              bool
	}{{"F22", "2026-01", true}, {"F13", "2026-01", false}, {"E13", "2026-03", false}} { // a month that runs is partial, not unsettled
		var unsettled bool
		err := conn.QueryRowContext(context.Background(), `
			select coalesce(flag, '') like '%unsettled%' from indicator_value
			where indicator = ? and geo_level = 'district' and period = ?`, c.indicator, c.period).Scan(&unsettled)
		if err != nil || unsettled != c.want {
			t.Errorf("%s of %s, known up to 10 March: unsettled %v, %v", c.indicator, c.period, unsettled, err)
		}
	}
}
