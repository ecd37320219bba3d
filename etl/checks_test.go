package etl

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/schema"
)

// failing has, for each check, statements after which it finds exactly one
// fault. stage_<feed> are empty tables like the feeds. G1 is in force for ever,
// G2 from 2026-01-01; the run is on 2026-11-02 at 02:00.
var failing = map[string]string{
	"activities_grid_unknown":           "insert into stage_activities (grid_code) values ('G9'), ('G1'), (null)",
	"activities_in_future":              "insert into stage_activities (held_on) values ('2026-11-03'), ('2026-11-02')",
	"activities_negative_count":         "insert into stage_activities (participants, hours) values (3, -1), (0, 0), (null, null)",
	"appraisals_score_range":            "insert into stage_appraisals (score) values (101), (100), (0), (null)",
	"boundaries_not_geojson":            `insert into stage_boundaries (geometry) values ('{"type":"Point","coordinates":[0,0]}'), ('{"type":"Polygon","coordinates":[]}')`,
	"case_events_before_report":         "insert into cases (case_id, reported_at) values ('A', '2026-10-02'); insert into stage_case_events (case_id, happened_at) values ('A', '2026-10-01'), ('A', '2026-10-02')",
	"case_events_case_unknown":          "insert into cases (case_id) values ('A'); insert into stage_case_events (case_id) values ('B'), ('A')",
	"case_events_in_future":             "insert into stage_case_events (happened_at) values ('2026-11-02 04:00'), ('2026-11-02 02:30')",
	"case_events_out_of_order":          "insert into stage_case_events (case_id, seq, happened_at) values ('A', 1, '2026-10-02'), ('A', 2, '2026-10-01'), ('A', 3, '2026-10-03')",
	"cases_accepted_before_reported":    "insert into stage_cases (reported_at, accepted_at) values ('2026-10-02', '2026-10-01'), ('2026-10-02', '2026-10-02')",
	"cases_closed_before_reported":      "insert into stage_cases (reported_at, closed_at) values ('2026-10-02', '2026-10-01'), ('2026-10-02', '2026-10-02'), ('2026-10-02', null)",
	"cases_closed_in_future":            "insert into stage_cases (closed_at) values ('2026-11-02 04:00'), ('2026-11-02 02:30')",
	"cases_closed_without_time":         "insert into stage_cases (status, closed_at) values ('closed', null), ('closed', '2026-10-01'), ('handling', null)",
	"cases_dispatched_before_reported":  "insert into stage_cases (reported_at, dispatched_at) values ('2026-10-02', '2026-10-01')",
	"cases_due_before_reported":         "insert into stage_cases (reported_at, due_at) values ('2026-10-02', '2026-10-01')",
	"cases_grid_not_in_force":           "insert into stage_cases (grid_code, reported_at) values ('G2', '2025-12-31 23:59'), ('G2', '2026-01-01'), ('G1', '1999-01-01'), ('G9', '2026-01-01')",
	"cases_grid_unknown":                "insert into stage_cases (grid_code) values ('G9'), ('G1'), (null)",
	"cases_negative_count":              "insert into stage_cases (handoffs, returns) values (0, -1), (0, 0)",
	"cases_open_with_closing_time":      "insert into stage_cases (status, closed_at) values ('handling', '2026-10-01'), ('closed', '2026-10-01'), ('withdrawn', '2026-10-01')",
	"cases_reported_in_future":          "insert into stage_cases (reported_at) values ('2026-11-02 04:00'), ('2026-11-02 02:30')",
	"cases_too_old":                     "insert into stage_cases (reported_at) values ('1970-01-01'), ('1990-01-01')",
	"cases_without_grid":                "insert into stage_cases (grid_code) values (null), ('G1')",
	"grids_negative_size":               "insert into stage_grids (population, area_km2) values (1, -0.5), (0, 0)",
	"grids_period_reversed":             "insert into stage_grids (valid_from, valid_to) values ('2026-01-01', '2026-01-01'), ('2026-01-01', '2026-01-02'), ('2026-01-01', null)",
	"interventions_period_reversed":     "insert into stage_interventions (started_on, ended_on) values ('2026-01-02', '2026-01-01'), ('2026-01-02', null)",
	"satisfaction_before_case":          "insert into cases (case_id, reported_at) values ('A', '2026-10-02'); insert into stage_satisfaction (case_id, surveyed_at) values ('A', '2026-10-01'), ('A', '2026-10-03')",
	"satisfaction_case_unknown":         "insert into cases (case_id) values ('A'); insert into stage_satisfaction (case_id) values ('B'), ('A'), (null)",
	"satisfaction_grid_unknown":         "insert into stage_satisfaction (grid_code) values ('G9'), ('G1'), (null)",
	"satisfaction_in_future":            "insert into stage_satisfaction (surveyed_at) values ('2026-11-02 04:00'), ('2026-11-02 02:30')",
	"satisfaction_score_range":          "insert into stage_satisfaction (score) values (6), (5), (1), (null)",
	"satisfaction_score_without_answer": "insert into stage_satisfaction (responded, score) values (false, 4), (true, 4), (false, null), (null, 4)",
	"satisfaction_without_subject":      "insert into stage_satisfaction (case_id, grid_code) values (null, null), ('A', null), (null, 'G1')",
	"staff_birth_year_range":            "insert into stage_staff (birth_year) values (2013), (2012), (1900), (null)",
	"staff_grid_unknown":                "insert into stage_staff (grid_code) values ('G9'), ('G1')",
	"staff_period_reversed":             "insert into stage_staff (valid_from, valid_to) values ('2026-01-02', '2026-01-01'), ('2026-01-02', '2026-01-02')",
	"training_hours_range":              "insert into stage_training (hours) values (0), (1), (1000)",
	"training_in_future":                "insert into stage_training (held_on) values ('2026-11-03'), ('2026-11-02')",

	"grids_overlap": `insert into load (load_id, department) values (1, '中心');
insert into grids (grid_code, valid_from, valid_to, load_id) values ('G3', null, '2026-02-02', 1), ('G3', '2026-02-01', null, 1), ('G4', null, '2026-02-01', 1), ('G4', '2026-02-01', null, 1)`,
	"grids_parent_differs": `insert into load (load_id, department) values (1, '中心');
insert into grids (grid_code, community_code, subdistrict_code, valid_to, load_id) values
  ('G3', 'C1', 'S1', null, 1), ('G4', 'C1', 'S2', null, 1), ('G5', 'C2', 'S1', '2026-01-01', 1);
insert into grids (grid_code, community_code, subdistrict_code, valid_from, load_id) values ('G6', 'C2', 'S2', '2026-01-01', 1)`,
	"cases_handoffs_against_log": `insert into load (load_id, department) values (1, '中心');
insert into cases (case_id, handoffs, load_id) values ('A', 1, 1), ('B', 0, 1), ('C', null, 1), ('D', 5, 1);
insert into case_events (case_id, event, load_id) values ('A', 'transferred', 1), ('A', 'transferred', 1), ('B', 'reported', 1), ('C', 'transferred', 1)`,
	"cases_returns_against_log": `insert into load (load_id, department) values (1, '中心');
insert into cases (case_id, returns, load_id) values ('A', 0, 1), ('B', 0, 1);
insert into case_events (case_id, event, load_id) values ('A', 'returned', 1), ('B', 'reported', 1)`,
	// 40 rows on each working day and 10 on each day off; the last day, 2026-10-30, is a Friday
	"department_missing": dailyCases + `delete from cases where load_id = 1 and reported_at >= '2026-10-30'`,
	"department_half":    dailyCases + `delete from cases where load_id = 1 and reported_at >= '2026-10-30 00:19'`,
	"source_missing":     nightlyLoads + `delete from load where run_id = 'tonight' and source = 'b'`,
	"source_short":       nightlyLoads + `update load set rows_read = 49 where run_id = 'tonight' and source = 'b'`,
}

const dailyCases = `insert into snapshot_info values ('as_of', '2026-10-30 23:59:59');
insert into load (load_id, department) values (1, '甲'), (2, '乙');
insert into cases (case_id, reported_at, load_id)
select l || '/' || d || '/' || n, d + to_minutes(n::integer), l
from (values (1), (2)) as l(l), generate_series(timestamp '2026-09-20', timestamp '2026-10-30', interval 1 day) as d(d), range(40) as n(n)
where n < if(isodow(d) <= 5, 40, 10);
`

const nightlyLoads = `insert into run (run_id, started_at, outcome) select 'r' || i, timestamp '2026-10-31 18:00' - to_days(i::integer), 'published' from range(6) as r(i);
insert into load (run_id, source, feed, rows_read) select 'r' || i, s, 'cases', 100 from range(6) as r(i), (values ('a'), ('b')) as s(s);
insert into load (run_id, source, feed, rows_read) values ('tonight', 'a', 'cases', 50), ('tonight', 'b', 'cases', 50);
`

func TestEveryCheckFindsItsFaultAndNothingElse(t *testing.T) {
	checks, err := Checks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		setUp, ok := failing[c.Code]
		if !ok {
			t.Errorf("%s has no example of what it finds", c.Code)
			continue
		}
		t.Run(c.Code, func(t *testing.T) {
			r := checkSession(t)
			if got := found(t, r, c); got != 0 {
				t.Errorf("finds %d faults in nothing", got)
			}
			if _, err := r.conn.ExecContext(context.Background(), setUp); err != nil {
				t.Fatal(err)
			}
			if got := found(t, r, c); got != 1 {
				t.Errorf("finds %d faults, want 1", got)
			}
		})
	}
	if len(checks) != len(failing) {
		t.Errorf("%d checks, %d examples", len(checks), len(failing))
	}
}

// checkSession has every feed's table and an empty staging table beside it.
func checkSession(t *testing.T) *run {
	t.Helper()
	ctx := context.Background()
	r := &run{conn: session(t, strings.Repeat("k", 32)), id: "tonight", feeds: map[string]schema.Feed{}}
	feeds, err := schema.Feeds()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range feeds {
		r.feeds[f.Name] = f
		if err := r.exec(ctx, "create table stage_"+f.Name+" as from "+f.Name); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{"set variable run_id = 'tonight'", "insert into grids (grid_code, valid_from) values ('G1', null), ('G2', '2026-01-01')"} {
		if err := r.exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// found asks one check: rows at fault, or departments at fault.
func found(t *testing.T, r *run, c Check) int64 {
	t.Helper()
	ctx := context.Background()
	if c.When == "end" {
		if err := r.arrivals(ctx); err != nil {
			t.Fatal(err)
		}
		findings, err := r.ask(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			if f.Feed == "" || f.Checked < f.Failed {
				t.Errorf("a finding that cannot be read: %+v", f)
			}
		}
		return int64(len(findings))
	}
	n, err := r.count(ctx, "select count(distinct row_id) from (\n"+trimStatement(c.SQL)+"\n)")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAVolumeCheckNamesTheDepartmentAndTheNumbers(t *testing.T) {
	r := checkSession(t)
	ctx := context.Background()
	if _, err := r.conn.ExecContext(ctx, failing["department_half"]); err != nil {
		t.Fatal(err)
	}
	if err := r.arrivals(ctx); err != nil {
		t.Fatal(err)
	}
	checks, err := Checks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Code != "department_half" {
			continue
		}
		findings, err := r.ask(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		// 19 of the usual 40 of a working day, 21 are missing
		if got := fmt.Sprintf("%+v", findings); got != "[{Code: Severity: Feed:cases Department:甲 Failed:21 Checked:40 Zh: En: Detail:2026-10-30: 19 / 40}]" {
			t.Errorf("found %s", got)
		}
	}
}

func TestAWrongCheckFileIsAnError(t *testing.T) {
	for _, text := range []string{
		"select 1",
		"-- code: a\n-- feed: cases\n-- severity: reject\n-- zh: 甲\n-- en: a\nselect 1",
		"-- code: a\n-- feed: cases\n-- severity: maybe\n-- column: x\n-- zh: 甲\n-- en: a\nselect 1",
		"-- code: a\n-- feed: cases\n-- when: end\n-- severity: reject\n-- zh: 甲\n-- en: a\nselect 1",
		"-- code: a\n-- feed: cases\n-- severity: warn\n-- column: x\n-- threshold: half\n-- zh: 甲\n-- en: a\nselect 1",
	} {
		if c, err := readCheck(text); err == nil {
			t.Errorf("%q was read as %+v", text, c)
		}
	}
}
