package flows_test

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/schema"
)

// Eight cases that can be followed with a calendar: S1 has the communities C1 (G1, G2)
// and C2 (G3), S2 has C3 (G4). The data reach to 10 March, 12:00.
const fewCases = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');
insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code) values
  ('G1', '一', 'C1', 'S1', 'D'), ('G2', '二', 'C1', 'S1', 'D'), ('G3', '三', 'C2', 'S1', 'D'), ('G4', '四', 'C3', 'S2', 'D');
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, category_1, channel, source, department, handler_kind, reported_level, handling_level, priority) values
  ('1', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-10 08:00', timestamp '2026-01-05 20:00', 'closed', 'A', 'hotline', 'resident', 'X', 'department', 'grid', 'grid', 'normal'),
  ('2', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-01-10 08:00', timestamp '2026-01-08 08:00', 'closed', 'A', 'app', 'resident', null, 'grid_worker', 'grid', 'community', 'normal'),
  ('3', 'G2', timestamp '2026-01-20 09:30', timestamp '2026-02-05 09:30', null, 'handling', 'B', 'hotline', 'resident', 'X', 'department', 'community', null, 'urgent'),
  ('4', 'G3', timestamp '2026-02-01 00:00', null, timestamp '2026-03-05 00:00', 'closed', 'B', null, 'patrol', 'X', 'department', 'grid', 'district', null),
  ('5', 'G3', timestamp '2026-01-05 08:00', null, timestamp '2026-01-05 09:00', 'duplicate', 'A', 'hotline', 'resident', 'X', 'department', 'grid', 'grid', null),
  ('6', null, timestamp '2026-01-08 10:00', timestamp '2026-01-09 10:00', timestamp '2026-01-09 11:00', 'closed', 'A', 'superior', 'superior', 'X', 'department', 'district', 'district', 'normal'),
  ('8', 'G1', timestamp '2025-11-05 08:00', null, null, 'rejected', 'A', 'hotline', 'resident', null, null, 'grid', null, 'normal'),
  ('7', 'G4', timestamp '2025-12-01 08:00', timestamp '2025-12-10 08:00', null, 'on_hold', 'B', 'hotline', 'resident', null, null, 'grid', null, 'low');
`

func counted(t *testing.T, fixture string) *sql.DB {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, fixture); err != nil {
		t.Fatal(err)
	}
	if err := compute.CreateFacts(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if err := compute.Everything(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if _, err := flows.Run(ctx, conn); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return db
}

func month(year, month int) time.Time {
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
}

// january is the cases of one month in one area.
func january(level, code string) flows.Scope {
	return flows.Scope{Level: level, Code: code, First: month(2026, 1), End: month(2026, 2)}
}

func TestTimeToCloseCensorsOpenCases(t *testing.T) {
	db := counted(t, fewCases)
	all, groups, err := flows.Speed(context.Background(), db, january("district", "D"), flows.Area, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	// Reported in January: 1 (closed within 1 day), 6 (within 2), 2 (on the minute after 3), 3 (open, 49 days)
	if all.Cases != 4 || all.Closed != 3 {
		t.Errorf("%d cases, %d closed; want 4 and 3", all.Cases, all.Closed)
	}
	for day, want := range map[float64]float64{1: 0.75, 2: 0.5, 3: 0.25, 49: 0.25} {
		step, _ := all.Curve.At(day)
		if math.Abs(step.Survival-want) > 1e-12 {
			t.Errorf("still open after %v days: %v, want %v", day, step.Survival, want)
		}
	}
	if median := all.Curve.Median().Value; median != 2 {
		t.Errorf("median %v days, want 2", median)
	}
	// The case without a grid stands by itself; S2 had no report in January.
	if len(groups) != 2 || groups[0].Key != "" || groups[0].Cases != 1 || groups[1].Key != "S1" || groups[1].Cases != 3 {
		t.Errorf("groups %+v", groups)
	}
}

func TestTimeToCloseBySomethingElse(t *testing.T) {
	db := counted(t, fewCases)
	type count struct {
		key           string
		cases, closed int64
	}
	only := func(s flows.Scope, field flows.By, value string) flows.Scope {
		s.Only, s.Value = field, value
		return s
	}
	for name, c := range map[string]struct {
		scope flows.Scope
		by    flows.By
		want  []count
	}{
		"by category":               {january("district", "D"), flows.Category, []count{{"A", 3, 3}, {"B", 1, 0}}},
		"by channel":                {january("subdistrict", "S1"), flows.Channel, []count{{"app", 1, 1}, {"hotline", 2, 1}}},
		"by handler":                {january("community", "C1"), flows.Handler, []count{{"X", 2, 1}, {"kind:grid_worker", 1, 1}}},
		"by grid":                   {january("community", "C1"), flows.Area, []count{{"G1", 2, 2}, {"G2", 1, 0}}},
		"one grid":                  {january("grid", "G2"), flows.Area, []count{{"", 1, 0}}},
		"one category by area":      {only(january("district", "D"), flows.Category, "A"), flows.Area, []count{{"", 1, 1}, {"S1", 2, 2}}},
		"one category by community": {only(january("subdistrict", "S1"), flows.Category, "B"), flows.Area, []count{{"C1", 1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, groups, err := flows.Speed(context.Background(), db, c.scope, c.by, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			var got []count
			for _, g := range groups {
				got = append(got, count{g.Key, g.Cases, g.Closed})
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	if _, _, err := flows.Speed(context.Background(), db, only(january("district", "D"), flows.Category, "A"), flows.Channel, 0.95); err == nil {
		t.Error("one category by channel is not counted, but no error")
	}
}

func TestLongTimesAreBinnedWithoutMovingAnEndForwardOrACensoringBack(t *testing.T) {
	db := counted(t, `insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2027-12-31 00:00:00');
insert into cases (case_id, reported_at, closed_at, status)
select i, timestamp '2026-01-01 00:00', timestamp '2026-01-01 00:00' + to_hours(24 * i - 1), 'closed' from range(1, 400) as r(i);
insert into cases (case_id, reported_at, status) select 1000 + i, timestamp '2027-12-31 00:00' - to_days(i) - interval 1 hour, 'handling' from range(0, 400) as r(i)`)
	rows, err := db.Query("select days, sum(closed), sum(open) from case_speed_month where cut = 'all' group by days order by days")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var closed, open int64
	for rows.Next() {
		var days, c, o int64
		if err := rows.Scan(&days, &c, &o); err != nil {
			t.Fatal(err)
		}
		closed, open = closed+c, open+o
		// One case each is closed within 1, 2, … days, and one each is known to be open for 0, 1, 2, … days:
		// no closing may be told too early, and no open case be kept longer than it is known to be.
		if closed > days {
			t.Errorf("%d cases closed within %d days", closed, days)
		}
		if open-o < min(days, 400) {
			t.Errorf("only %d open cases left before %d days", open-o, days)
		}
		if days > 390 {
			t.Errorf("a case was watched for %d days", days)
		}
		if days > 60 && days%7 != 0 && days%30 != 0 && days != 182 {
			t.Errorf("a bin at %d days", days)
		}
	}
	// Nine cases were closed after the 390 days for which a case is watched.
	if closed != 390 || open != 409 {
		t.Errorf("%d closed and %d open, want 390 and 409", closed, open)
	}
}

func TestBacklogByAgeAndState(t *testing.T) {
	db := counted(t, fewCases)
	year := flows.Scope{Level: "district", Code: "D", First: month(2026, 1), End: month(2027, 1)}
	february := flows.Scope{Level: "district", Code: "D", First: month(2026, 2), End: month(2026, 3)}
	for name, c := range map[string]struct {
		scope flows.Scope
		by    string
		want  []flows.Open
	}{
		"end of January, by level": {january("district", "D"), "level", []flows.Open{
			{7, "community", "not_due", 1}, {60, "grid", "on_hold", 1}}},
		"end of February: 3 has become overdue, 4 has no limit": {february, "level", []flows.Open{
			{14, "grid", "no_limit", 1}, {30, "community", "overdue", 1}, {60, "grid", "on_hold", 1}}},
		"a year that is not over stands where the data end": {year, "priority", []flows.Open{
			{30, "urgent", "overdue", 1}, {90, "low", "on_hold", 1}}},
		"one community": {january("community", "C1"), "priority", []flows.Open{{7, "urgent", "not_due", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := flows.Backlog(context.Background(), db, c.scope, c.by)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestWaysFromSourceToLevel(t *testing.T) {
	db := counted(t, fewCases)
	got, err := flows.Ways(context.Background(), db, january("district", "D"))
	if err != nil {
		t.Fatal(err)
	}
	want := []flows.Link{{1, "resident", "A", 2}, {1, "superior", "A", 1}, {2, "A", "X", 2}, {2, "A", "kind:grid_worker", 1},
		{3, "X", "district", 1}, {3, "X", "grid", 1}, {3, "kind:grid_worker", "community", 1}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	sums := map[int64]int64{}
	for _, l := range got {
		sums[l.Stage] += l.Cases
	}
	if sums[1] != sums[2] || sums[2] != sums[3] {
		t.Errorf("a case is lost between stages: %v", sums)
	}
}

func TestRisesFromTheLevelOfReport(t *testing.T) {
	db := counted(t, fewCases)
	got, err := flows.Rises(context.Background(), db, january("district", "D"), flows.Area)
	if err != nil {
		t.Fatal(err)
	}
	want := []flows.Rise{{"", "district", "district", 1}, {"S1", "grid", "community", 1}, {"S1", "grid", "grid", 1}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestHoursKnowWhereThereIsNoClock(t *testing.T) {
	db := counted(t, fewCases)
	hour := func(h int64) sql.NullInt64 { return sql.NullInt64{Int64: h, Valid: true} }
	// 5 January 2026 is a Monday, 8 a Thursday, 20 a Tuesday
	got, err := flows.Hours(context.Background(), db, january("district", "D"))
	if want := []flows.Hour{{1, hour(8), 2}, {2, hour(9), 1}, {4, hour(10), 1}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v, %v", got, want, err)
	}
	february := flows.Scope{Level: "subdistrict", Code: "S1", First: month(2026, 2), End: month(2026, 3)}
	got, err = flows.Hours(context.Background(), db, february)
	if want := []flows.Hour{{7, sql.NullInt64{}, 1}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v, %v", got, want, err)
	}
	narrow := january("subdistrict", "S1")
	narrow.Only, narrow.Value = flows.Category, "B"
	got, err = flows.Hours(context.Background(), db, narrow)
	if want := []flows.Hour{{2, hour(9), 1}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("one category: got %+v, want %+v, %v", got, want, err)
	}
}

func TestEveryCutCountsTheSameCases(t *testing.T) {
	db := counted(t, fewCases)
	// A report that was not registered stands in no backlog.
	for table, count := range map[string]string{"case_speed_month": "closed + open", "case_backlog_month": "open", "case_rise_month": "closed", "case_hour_month": "reported"} {
		var cuts int
		var low, high int64
		err := db.QueryRow("select count(*), min(n), max(n) from (select sum("+count+") as n from "+table+" group by cut)").Scan(&cuts, &low, &high)
		if err != nil || cuts != 4 || low != high {
			t.Errorf("%s: %d cuts with %d to %d cases, %v", table, cuts, low, high, err)
		}
	}
}

// A case of a time at which its grid was not in force (the files of then are gone) belongs to the grid and to the district, and to
// nothing between them; it shares its rows with no case of another place, and no row stands twice.
func TestACaseBeforeItsGridWasInForce(t *testing.T) {
	db := counted(t, `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-10 12:00:00');
insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code, valid_from) values ('G1', '一', 'C1', 'S1', 'D', date '2026-02-01');
insert into cases (case_id, grid_code, reported_at, closed_at, status, category_1, channel, source, department) values
  ('early', 'G1', timestamp '2026-01-05 08:00', timestamp '2026-02-02 08:00', 'closed', 'A', 'hotline', 'resident', 'X'),
  ('nowhere', null, timestamp '2026-01-05 08:00', timestamp '2026-02-02 08:00', 'closed', 'A', 'hotline', 'resident', 'X'),
  ('later', 'G1', timestamp '2026-02-05 08:00', timestamp '2026-03-05 08:00', 'closed', 'A', 'hotline', 'resident', 'X');`)
	for table, c := range map[string]struct{ key, number string }{
		"case_speed_month":   {"cut, month, subdistrict_code, community_code, grid_code, cut_value, days, closed > 0", "closed"},
		"case_backlog_month": {"cut, month, subdistrict_code, community_code, grid_code, cut_value, reported_level, priority, age_from, state", "open"},
		"case_rise_month":    {"cut, month, subdistrict_code, community_code, grid_code, cut_value, reported_level, handling_level", "closed"},
	} {
		var twice, grid, nowhere int64
		if err := db.QueryRow(`
select
  (select count(*) from (select 1 from `+table+` group by `+c.key+` having count(*) > 1)),
  (select sum(`+c.number+`) from `+table+` where cut = 'all' and grid_code = 'G1' and community_code is null),
  (select sum(`+c.number+`) from `+table+` where cut = 'all' and grid_code is null)`).Scan(&twice, &grid, &nowhere); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		if twice != 0 || grid != 1 || nowhere != 1 {
			t.Errorf("%s: %d rows stand twice, %d cases in the grid alone, %d nowhere; want 0, 1 and 1", table, twice, grid, nowhere)
		}
	}
	var twice int64
	for table, key := range map[string]string{
		"case_way_month":  "part, month, subdistrict_code, community_code, source, category_1, handler, handling_level",
		"case_hour_month": "cut, month, subdistrict_code, community_code, cut_value, weekday, hour",
	} {
		if err := db.QueryRow("select count(*) from (select 1 from " + table + " group by " + key + " having count(*) > 1)").Scan(&twice); err != nil || twice != 0 {
			t.Errorf("%s: %d rows stand twice: %v", table, twice, err)
		}
	}
}
