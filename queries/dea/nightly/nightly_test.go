package nightly_test

import (
	"context"
	"database/sql"
	"math"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/dea/nightly"
	"github.com/jiceng/jiceng/queries/schema"
)

// Three communities of one subdistrict over 2025 and 2026-Q1, each with one grid.
// c1 has 1 worker, c2 has 2, c3 has none in 2025. Each worker trains 20 hours in
// each month from 2024. In a quarter c1 closes 6 cases in time, c2 closes 8, and
// all answers are satisfied, two for every case.
const made = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-03-31 23:59:59');
insert into grids (grid_code, grid_name, community_code, subdistrict_code, district_code, population, households) values
  ('g1', '一', 'c1', 's1', 'D', 100, 40), ('g2', '二', 'c2', 's1', 'D', 100, 40), ('g3', '三', 'c3', 's1', 'D', 100, 40);
insert into staff (staff_key, grid_code, role, employment, valid_from, valid_to) values
  ('w1', 'g1', 'grid_worker', 'full_time', date '2023-01-01', null),
  ('w2', 'g2', 'grid_worker', 'full_time', date '2023-01-01', null),
  ('w3', 'g2', 'grid_worker', 'full_time', date '2023-01-01', null),
  ('w4', 'g3', 'grid_worker', 'full_time', date '2026-01-01', null);
insert into training (staff_key, held_on, course, hours)
select 'w' || w, m::date, 'x', 20
from range(1, 4) as t(w)
cross join generate_series(timestamp '2023-12-15', timestamp '2026-03-15', interval 1 month) as s(m);
insert into cases (case_id, grid_code, reported_at, due_at, closed_at, status, source, handling_level)
select concat_ws('-', g.grid, q.first, i), g.grid, q.first + interval 10 day, q.first + interval 20 day, q.first + interval 15 day, 'closed', 'resident', 'grid'
from (values ('g1', 6), ('g2', 8)) as g(grid, cases)
cross join generate_series(timestamp '2025-01-01', timestamp '2026-01-01', interval 3 month) as q(first)
cross join range(g.cases) as n(i);
insert into satisfaction (survey_id, case_id, grid_code, surveyed_at, responded, score)
select case_id || '-' || k, case_id, grid_code, closed_at + interval 2 day, true, 5
from cases
cross join range(2) as n(k);
`

func warehouse(t *testing.T) *sql.Conn {
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
	if _, err := conn.ExecContext(ctx, made); err != nil {
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

func run(t *testing.T, conn *sql.Conn) int64 {
	t.Helper()
	n, err := nightly.Run(context.Background(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func one(t *testing.T, conn *sql.Conn, query string) float64 {
	t.Helper()
	var x sql.NullFloat64
	if err := conn.QueryRowContext(context.Background(), query).Scan(&x); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if !x.Valid {
		return math.NaN()
	}
	return x.Float64
}

func TestACommunityIsMeasuredAgainstWhatTheBestGetsFromTheSameWorkers(t *testing.T) {
	conn := warehouse(t)
	run(t, conn)
	for query, want := range map[string]float64{
		"select amount from dea_part where geo_code = 'c2' and period = '2025-Q2' and part = 'workers'":           2,
		"select amount from dea_part where geo_code = 'c2' and period = '2025-Q2' and part = 'training_hours'":    480,
		"select amount from dea_part where geo_code = 'c2' and period = '2025-Q2' and part = 'on_time_closures'":  8,
		"select amount from dea_part where geo_code = 'c2' and period = '2025-Q2' and part = 'satisfied_answers'": 16,
		"select ccr from dea_value where geo_code = 'c1' and period = '2025-Q2'":                                  1,
		"select ccr from dea_value where geo_code = 'c2' and period = '2025-Q2'":                                  8. / 12, // c1 doubled would close 12
		"select target from dea_part where geo_code = 'c2' and period = '2025-Q2' and part = 'on_time_closures'":  12,
		"select weight from dea_peer where geo_code = 'c2' and period = '2025-Q2' and peer = 'c1'":                2,
		"select count(*) from dea_value where geo_code = 'c3' and period_kind = 'quarter'":                        1, // no workers before 2026
		"select ccr from dea_value where geo_code = 'c3' and period = '2026-Q1'":                                  0, // a worker, no output
		"select count(*) from dea_left_out where geo_code = 'c3' and reason = 'no_workers'":                       5, // four quarters and the year
		"select count(*) from dea_left_out where period in ('2025-Q2', '2026-Q1')":                                1, // nobody else
		"select malmquist from dea_change where geo_code = 'c2' and period = '2025-Q2'":                           1,
		"select value from indicator_value where indicator = 'F62' and geo_code = 'c2' and period = '2025-Q3'":    8. / 12,
		"select value from indicator_value where indicator = 'F63' and geo_code = 'c1' and period = '2025-Q3'":    1,
	} {
		if got := one(t, conn, query); !(math.Abs(got-want) < 1e-6) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func TestAPeriodThatIsNotOverIsNotComparedWithTheOneBefore(t *testing.T) {
	conn := warehouse(t)
	if _, err := conn.ExecContext(context.Background(), "update indicator_value set flag = 'partial' where period = '2026-Q1'"); err != nil {
		t.Fatal(err)
	}
	run(t, conn)
	if n := one(t, conn, "select count(*) from dea_change where period = '2026-Q1'"); n != 0 {
		t.Errorf("%v changes of a period that is not over", n)
	}
	if n := one(t, conn, "select count(*) from dea_value where period = '2026-Q1' and geo_level = 'community'"); n != 3 {
		t.Errorf("%v communities measured", n)
	}
}

func TestASecondNightMeasuresOnlyWhatChanged(t *testing.T) {
	conn := warehouse(t)
	if run(t, conn) == 0 {
		t.Fatal("nothing measured")
	}
	if n := run(t, conn); n != 0 {
		t.Errorf("the second night measured %d areas", n)
	}
	if _, err := conn.ExecContext(context.Background(), "update indicator_value set numerator = numerator * 7 / 8 where indicator in ('F13', 'F51') and geo_code = 'c2' and period = '2025-Q2'"); err != nil {
		t.Fatal(err)
	}
	// That quarter's communities, and the next quarter's, whose change is measured from it.
	if n := run(t, conn); n != 4 {
		t.Errorf("a changed count measured %d areas anew, not 2 communities in 2 quarters", n)
	}
	if got := one(t, conn, "select malmquist from dea_change where geo_code = 'c2' and period = '2025-Q3'"); !(math.Abs(got-8./7) < 1e-6) {
		t.Errorf("from 7 to 8 closures is a change of %v, not of 8/7", got)
	}
}

func TestWithoutTrainingThereIsNoEfficiencyAndNotZero(t *testing.T) {
	conn := warehouse(t)
	if _, err := conn.ExecContext(context.Background(), "delete from training"); err != nil {
		t.Fatal(err)
	}
	run(t, conn)
	if n := one(t, conn, "select count(*) from dea_value"); n != 0 {
		t.Errorf("%v areas measured", n)
	}
	if n := one(t, conn, "select count(*) from indicator_value where indicator in ('F62', 'F63')"); n != 0 {
		t.Errorf("%v values", n)
	}
	if n := one(t, conn, "select count(*) from dea_left_out where period = '2025' and geo_code in ('c1', 'c2', 's1') and reason = 'no_training'"); n != 3 {
		t.Errorf("for want of training %v areas are left out, not 3", n)
	}
}

func TestAnAreaWhoseWorkersHaveLeftIsLeftOutWithThatReason(t *testing.T) {
	conn := warehouse(t)
	if _, err := conn.ExecContext(context.Background(), "update staff set valid_to = date '2025-05-15' where staff_key = 'w1'"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second night says the same once
		run(t, conn)
		for query, want := range map[string]float64{
			"select count(*) from dea_left_out where geo_code = 'c1' and period = '2025-Q1'":                                  0,
			"select count(*) from dea_left_out where geo_code = 'c1' and period = '2025-Q2' and reason = 'no_workers_at_end'": 1,
			"select count(*) from dea_left_out where geo_code = 'c1' and period = '2025-Q3' and reason = 'no_workers'":        1,
		} {
			if got := one(t, conn, query); got != want {
				t.Errorf("%s: %v, want %v", query, got, want)
			}
		}
	}
}
