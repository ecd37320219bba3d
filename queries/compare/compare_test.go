package compare

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/panels"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/stat"
)

// R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17,
// 1998, table II, method 10: 56/70 − 48/80: 0.0524 to 0.3339; 9/10 − 3/10: 0.1705 to 0.8090; 10/10 − 0/20: 0.6791 to 1.
func TestTheIntervalOfADifferenceIsNewcombes(t *testing.T) {
	for _, c := range []struct{ x1, n1, x2, n2, low, high float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090}, {10, 10, 0, 20, 0.6791, 1},
	} {
		a, b := stat.Wilson(c.x1, c.n1, 0.95), stat.Wilson(c.x2, c.n2, 0.95)
		low, high := mover(a.Value, a.Low, a.High, b.Value, b.Low, b.High)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%v/%v − %v/%v: %.4f to %.4f, want %v to %v", c.x1, c.n1, c.x2, c.n2, low, high, c.low, c.high)
		}
	}
}

// The State Council's notices (2022–2026): the holiday begins on New Year's Eve, or on New Year's Day (2024), or two days before it (2026).
func TestNewYearsDayLiesInTheHoliday(t *testing.T) {
	for _, holiday := range [][2]string{{"2022-01-31", "2022-02-06"}, {"2023-01-21", "2023-01-27"}, {"2024-02-10", "2024-02-17"}, {"2025-01-28", "2025-02-04"}, {"2026-02-15", "2026-02-23"}} {
		found := false
		for _, day := range newYears {
			found = found || (day >= holiday[0] && day <= holiday[1])
		}
		if !found {
			t.Errorf("no New Year's Day from %s to %s", holiday[0], holiday[1])
		}
	}
	for _, day := range newYears {
		d, err := time.Parse(time.DateOnly, day)
		// it is the second new moon after the winter solstice: 21 January to 21 February
		if err != nil || d.YearDay() < 21 || d.YearDay() > 52 {
			t.Errorf("%s cannot be New Year's Day", day)
		}
	}
}

func TestWhereTheFestivalMoved(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		moved bool
	}{
		{"2026-02", "2025-02", true},  // 10–28 February of 2026: 19 days; of 2025 12 days
		{"2026-01", "2025-01", true},  // none; ten days
		{"2026-02", "2026-01", true},  // against the month before
		{"2026-05", "2025-05", false}, // far from it
		{"2026-Q1", "2025-Q1", false}, // all of the season in both
		{"2026-Q1", "2025-Q4", true},
		{"2026", "2025", false},
	} {
		a, err := parsePeriod(c.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := parsePeriod(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := festivalMoved(a, b); got != c.moved {
			t.Errorf("%s (%d days) against %s (%d days): moved %v", c.a, season(a), c.b, season(b), got)
		}
	}
}

func TestPeriodsKnowTheirNeighbours(t *testing.T) {
	for _, c := range [][3]string{{"2026-01", "2025-12", "2025-01"}, {"2026-Q1", "2025-Q4", "2025-Q1"}, {"2026", "2025", "2025"}, {"2025-12", "2025-11", "2024-12"}} {
		p, err := parsePeriod(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if p.before().name() != c[1] || p.yearAgo().name() != c[2] {
			t.Errorf("%s: before %s, a year ago %s", c[0], p.before().name(), p.yearAgo().name())
		}
	}
	for _, bad := range []string{"", "2026-13", "2026-00", "2026-Q5", "26-01", "2026-1", "2026-01-01", "x"} {
		if p, err := parsePeriod(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, p)
		}
	}
}

// A district that never changes: on each working day ten people come to an activity and two cases are reported and
// closed, one of four by the grid. Nothing but the calendar moves its numbers, so nothing may be called a change, until
// in June 2026 half of the cases are closed in the grid and twice as many people come.
const steadyDistrict = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-06-30 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population) values ('G', 'C', 'S', 'D', 1000);
insert into calendar (date, is_workday)
select d::date, isodow(d::date) <= 5 and d::date not between date '2025-01-28' and date '2025-02-04' and d::date not between date '2026-02-15' and date '2026-02-23'
from generate_series(timestamp '2024-07-01', timestamp '2026-06-30', interval 1 day) as t(d);
insert into activities (activity_id, kind, grid_code, held_on, participants)
select 'a' || date, 'party', 'G', date, if(date >= date '2026-06-01', 20, 10) from calendar where is_workday;
insert into cases (case_id, grid_code, reported_at, closed_at, status, handling_level)
select date || '-' || i, 'G', date + interval 9 hour, date + interval 10 hour, 'closed',
  if((i + 4 * dayofyear(date)) % if(date >= date '2026-06-01', 2, 4) = 0, 'grid', 'community')
from calendar, range(4) as t(i)
where is_workday;`

// empty has a snapshot's tables and no rows.
func empty(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := schema.Create(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func steady(t *testing.T) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db := empty(t)
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, steadyDistrict); err != nil {
		t.Fatal(err)
	}
	if err := compute.Run(ctx, conn, loaded(t), compute.Options{}); err != nil {
		t.Fatal(err)
	}
	return db
}

func loaded(t *testing.T) catalogue.Catalogue {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestTheCalendarAloneIsNoChange(t *testing.T) {
	db := steady(t)
	cat := loaded(t)
	for _, period := range []string{"2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-Q1", "2025-Q4", "2026"} {
		all, err := compared(t, db, cat, period)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range all {
			seen[fmt.Sprint(c.Code, c.With)] = true
			if (c.Code == "E11" || c.Code == CasesReported || c.Code == "F31") && period != "2026" {
				if c.Clear {
					t.Errorf("%s %s %s: %+v is called a change", period, c.Code, c.With, c)
				}
				if math.Abs(c.Difference) > 1e-9 {
					t.Errorf("%s %s %s: difference %v, want none per working day", period, c.Code, c.With, c.Difference)
				}
			}
		}
		if !seen["E11mom"] || !seen["cases_reportedmom"] {
			t.Errorf("%s: compared only %v", period, seen)
		}
	}
}

func TestARealChangeIsClear(t *testing.T) {
	db := steady(t)
	all, err := compared(t, db, loaded(t), "2026-06")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		test       Test
		difference float64
	}{
		"F31": {Mover, 0.25},
		"E11": {MovingRange, 220}, // 22 working days of ten people more, of a thousand residents
	}
	for _, c := range all {
		if w, ok := want[c.Code]; ok {
			if !c.Clear || c.Test != w.test || math.Abs(c.Difference-w.difference) > 1e-9 {
				t.Errorf("%s %s: %+v, want a clear difference of %v by %s", c.Code, c.With, c, w.difference, w.test)
			}
		}
		if c.Code == CasesReported && c.Clear {
			t.Errorf("cases: %+v, but they did not change", c)
		}
	}
}

func TestJanuaryAndFebruaryGoTogetherWhereTheFestivalMoved(t *testing.T) {
	db := steady(t)
	all, err := compared(t, db, loaded(t), "2026-02")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		switch {
		case c.Code == "E11" && c.With == YearAgo:
			// 22 + 14 working days of 2026 and 19 + 18 of 2025, each of ten people
			if !c.Joint || c.Festival || c.Now.From != "2026-01" || c.Now.To != "2026-02" || c.Now.Numerator != 360 || c.Then.Numerator != 370 {
				t.Errorf("year ago: %+v, want January and February together", c)
			}
		case c.Code == "E11" && c.With == Before:
			if c.Joint || !c.Festival {
				t.Errorf("month before: %+v, want a mark that the festival lies in one of them", c)
			}
		case c.Code == "F14" && c.With == YearAgo:
			if c.Joint || !c.Festival {
				t.Errorf("a median cannot be added up: %+v", c)
			}
		}
	}
}

// compared reads what there is of the district and compares it.
func compared(t *testing.T, db *sql.DB, cat catalogue.Catalogue, period string) ([]Comparison, error) {
	t.Helper()
	p, err := parsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	histories, err := panels.PrepareHistories(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	past, err := histories.Read(context.Background(), "district", "D", p.kind)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := ReadCounts(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return Area(workDaysOf(t, db), cat, past, counts.Of("district", "D", p.kind), period)
}

func workDaysOf(t *testing.T, db *sql.DB) WorkDays {
	t.Helper()
	days, err := ReadWorkDays(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return days
}

// Every area has the cases of its grids at the time, a district those without a grid too; a month without any counts.
func TestCasesAreCountedByAreaAndPeriod(t *testing.T) {
	db := empty(t)
	for _, statement := range []string{
		"insert into snapshot_info values ('as_of', '2026-05-20 12:00:00')",
		`insert into case_month by name select * from (values
			(date '2026-01-01', 'g1', 'c1', 's1', 6, 3), (date '2026-01-01', 'g1', 'c2', 's1', 4, 1), (date '2026-03-01', 'g2', 'c2', 's1', 5, 2), (date '2026-05-01', null, null, null, 8, 0)
		) as m (month, grid_code, community_code, subdistrict_code, reported, closed)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	counts, err := ReadCounts(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		level, code, kind, period string
		reported, closed          float64
		flag                      string
	}{
		{"district", "d", "month", "2026-01", 10, 4, ""},
		{"district", "d", "month", "2026-02", 0, 0, ""},
		{"district", "d", "month", "2026-05", 8, 0, "partial"},
		{"district", "d", "quarter", "2026-Q1", 5, 2, ""},
		{"district", "d", "quarter", "2026-Q2", 4, 0, "partial"},
		{"subdistrict", "s1", "year", "2026", 3, 1.2, "partial"},
		{"community", "c2", "quarter", "2026-Q1", 3, 1, ""},
		{"grid", "g1", "month", "2026-01", 10, 4, ""},
		{"grid", "unknown", "month", "2026-01", 0, 0, ""},
	} {
		cases := counts.Of(c.level, c.code, c.kind)
		reported, _ := cases[CasesReported].at(c.period)
		closed, _ := cases[CasesClosed].at(c.period)
		if reported.Value != c.reported || closed.Value != c.closed || reported.Flag != c.flag {
			t.Errorf("%s %s in %s: %v and %v (%s), want %v and %v (%s)", c.level, c.code, c.period, reported.Value, closed.Value, reported.Flag, c.reported, c.closed, c.flag)
		}
	}
	if _, ok := counts.Of("district", "d", "month")[CasesReported].at("2026-06"); ok {
		t.Error("June is not known yet")
	}
}
