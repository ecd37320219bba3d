package compute_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
)

// staleMonths counts the months of reports that the last run counted again in part; none, where it counted everything.
const staleMonths = "select count(distinct month) from part.stale_cell where clock = 'reported_at'"

// calm is a district with one closed and answered case a week, of which a night touches little.
const calm = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-05-31 23:00:00'), ('time_zone', 'Asia/Shanghai');
insert into load (load_id, feed, department, loaded_at) values (1, 'cases', 'X', timestamp '2026-01-05 03:00'), (2, 'satisfaction', 'X', timestamp '2026-01-05 03:00');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population, households)
select 'G' || g, 'C' || (g // 2), 'S' || (g // 4), 'D', 500, 200 from range(8) as t(g);
insert into cases (case_id, case_kind, reported_at, channel, source, category_1, grid_code, handler_kind, handling_level, accepted_at, dispatched_at,
  first_response_at, due_at, closed_at, status, outcome, handoffs, returns, reopened, visits_needed, reporter_key, load_id)
select 'K' || i, 'event', t, 'app', 'resident', 'A', 'G' || (i % 8), 'community', 'community', t + interval 5 minute, t + interval 9 minute,
  t + interval 20 minute, t + interval 5 day, t + interval 1 day, 'closed', 'resolved', 1, 0, 0, 1, 'r' || i, 1
from (select i, timestamp '2024-01-08 09:00' + to_days((7 * i)::integer) as t from range(124) as r(i));
insert into satisfaction (survey_id, case_id, surveyed_at, contacted_ok, responded, resolved, score, load_id)
select 'V' || case_id, case_id, closed_at + interval 2 day, true, true, true, 4, 2 from cases;
insert into case_events (case_id, seq, event, happened_at, load_id) values ('K1', 1, 'reported', timestamp '2024-01-15 09:00', 1);`

// open is a case in grid G1 that nobody closed; a statement may change it.
const open = `select 'N' as case_id, 'event' as case_kind, timestamp '2026-06-01 09:00' as reported_at, 'app' as channel, 'resident' as source, 'A' as category_1,
  'G1' as grid_code, timestamp '2026-06-01 09:05' as accepted_at, timestamp '2026-06-01 09:09' as dispatched_at, timestamp '2026-06-01 09:20' as first_response_at,
  'handling' as status, null::timestamp as due_at, 'x' as reporter_key`

// TestANightThatTouchesLittleEqualsCountingEverything holds single nights, each with something that is easily overlooked.
func TestANightThatTouchesLittleEqualsCountingEverything(t *testing.T) {
	for _, night := range []struct{ name, before, asOf, feed, news string }{
		{
			name: "a limit ends with the data",
			before: `update snapshot_info set value = '2026-05-31 00:00:00' where key = 'as_of';
insert into cases by name select * replace ('L' as case_id, timestamp '2026-05-20 09:00' as reported_at, timestamp '2026-05-31' as due_at), 1 as load_id from (` + open + `);`,
			asOf: "2026-06-01 09:30:00", feed: "cases", news: open,
		},
		{
			name: "the case of a survey that came in another month moves to another grid",
			before: `insert into load (load_id, feed, department, loaded_at) values (3, 'satisfaction', 'X', timestamp '2026-04-15 03:00');
insert into satisfaction (survey_id, case_id, surveyed_at, responded, score, load_id) values ('late', 'K100', timestamp '2026-04-14 20:00', true, 5, 3);`,
			asOf: "2026-06-10 12:00:00", feed: "cases", news: "select * exclude (load_id) replace ('G7' as grid_code) from cases where case_id = 'K100'",
		},
		{
			name: "a survey came before its case",
			before: `insert into load (load_id, feed, department, loaded_at) values (3, 'satisfaction', 'X', timestamp '2026-04-15 03:00');
insert into satisfaction (survey_id, case_id, surveyed_at, responded, score, load_id) values ('early', 'N', timestamp '2026-04-14 20:00', true, 5, 3);`,
			asOf: "2026-06-10 12:00:00", feed: "cases", news: open,
		},
		{
			name: "a response came after the end of the data, in a log that stands still",
			before: `insert into cases by name select * replace ('R' as case_id, timestamp '2026-05-28 09:00' as reported_at, timestamp '2026-06-02 16:00' as first_response_at), 1 as load_id from (` + open + `);
insert into case_events (case_id, seq, event, happened_at, load_id) values ('R', 1, 'paused', timestamp '2026-05-28 10:00', 1);`,
			asOf: "2026-06-03 09:30:00", feed: "cases", news: open,
		},
		{
			name: "a log foretells a pause",
			before: `insert into cases by name select * replace ('P' as case_id, timestamp '2026-05-20 09:00' as reported_at, null::timestamp as first_response_at), 1 as load_id from (` + open + `);
insert into case_events (case_id, seq, event, happened_at, load_id) values ('P', 1, 'paused', timestamp '2026-05-20 09:30', 1), ('P', 2, 'resumed', timestamp '2026-05-29 09:00', 1), ('P', 3, 'paused', timestamp '2026-06-12 09:00', 1);`,
			asOf: "2026-06-02 09:00:00", feed: "cases", news: open,
		},
		{
			name: "a log stands still twice",
			before: `insert into cases by name select * replace ('P' as case_id, timestamp '2026-05-18 09:00' as reported_at, null::timestamp as first_response_at), 1 as load_id from (` + open + `);
insert into case_events (case_id, seq, event, happened_at, load_id) values ('P', 1, 'paused', timestamp '2026-05-21 09:00', 1), ('P', 2, 'paused', timestamp '2026-05-29 09:00', 1);`,
			asOf: "2026-06-02 09:00:00", feed: "cases", news: open,
		},
		{
			name: "a late report makes one of the month after it a repeat",
			before: `insert into cases by name select * replace ('E' as case_id, timestamp '2026-04-20 09:00' as reported_at, timestamp '2026-04-20 09:05' as accepted_at, timestamp '2026-04-20 09:09' as dispatched_at,
  timestamp '2026-04-20 09:20' as first_response_at), 1 as load_id from (` + open + `);`,
			asOf: "2026-06-01 09:30:00", feed: "cases", news: "select * replace (timestamp '2026-03-25 09:00' as reported_at) from (" + open + ")",
		},
		{
			name: "a report repeats one of a month that stays as it was",
			before: `insert into cases by name select * replace ('E' as case_id, timestamp '2026-04-20 09:00' as reported_at, timestamp '2026-04-20 09:05' as accepted_at, timestamp '2026-04-20 09:09' as dispatched_at,
  timestamp '2026-04-20 09:20' as first_response_at, 'closed' as status), timestamp '2026-04-21 09:00' as closed_at, 1 as load_id from (` + open + `);`,
			asOf: "2026-06-01 09:30:00", feed: "cases", news: open,
		},
		{
			name: "a survey asks about a case of long ago",
			asOf: "2026-06-01 12:00:00", feed: "satisfaction", news: "select 'Z' as survey_id, 'K64' as case_id, timestamp '2026-06-01 10:00' as surveyed_at, true as contacted_ok, true as responded, true as resolved, 5 as score",
		},
		{
			name: "a dispatch that has not come falls due",
			before: `insert into cases by name select * replace ('W' as case_id, timestamp '2026-05-29 16:30' as reported_at, timestamp '2026-05-29 17:00' as accepted_at, null::timestamp as dispatched_at,
  timestamp '2026-05-29 17:10' as first_response_at), 1 as load_id from (` + open + `);`,
			asOf: "2026-06-01 12:00:00", feed: "cases", news: open,
		},
		{
			name:   "a case of the month before is closed, where nothing else happened",
			before: `insert into cases by name select * replace ('O' as case_id, timestamp '2026-05-20 09:00' as reported_at, 'G6' as grid_code), 1 as load_id from (` + open + `);`,
			asOf:   "2026-06-01 12:00:00", feed: "cases", news: "select * exclude (load_id) replace (timestamp '2026-06-01 10:00' as closed_at, 'closed' as status) from cases where case_id = 'O'",
		},
		{
			name:   "a report that was dated ahead has come",
			before: `insert into cases by name select * replace ('A' as case_id, timestamp '2026-06-01 08:00' as reported_at), 1 as load_id from (` + open + `);`,
			asOf:   "2026-06-01 12:00:00", feed: "cases", news: open,
		},
		{
			name: "a grid has more residents than was known",
			asOf: "2026-06-01 12:00:00", feed: "grids", news: "select * exclude (load_id) replace (650 as population) from grids where grid_code = 'G1'",
		},
		{
			name: "a grid gets its first case",
			before: `insert into grids (grid_code, community_code, subdistrict_code, district_code, population, households, valid_from)
values ('G9', 'C9', 'S1', 'D', 500, 200, date '2026-05-01');`,
			asOf: "2026-06-01 12:00:00", feed: "cases", news: "select * replace ('G9' as grid_code) from (" + open + ")",
		},
		{
			name: "a day has a case that its grid was not in force for",
			before: `update grids set valid_from = date '2026-03-01' where grid_code = 'G1';
insert into cases by name select * replace ('X' as case_id, timestamp '2026-02-27 09:00' as reported_at, timestamp '2026-02-27 09:05' as accepted_at, timestamp '2026-02-27 09:09' as dispatched_at,
  timestamp '2026-02-27 09:20' as first_response_at, 'closed' as status), timestamp '2026-03-02 09:00' as closed_at, 1 as load_id from (` + open + `);`,
			asOf: "2026-06-01 12:00:00", feed: "cases", news: "select * exclude (load_id) replace ('patrol' as source) from cases where case_id = 'K113'",
		},
		{
			name:   "a report is withdrawn that its grid was not in force for",
			before: `update grids set valid_from = date '2026-03-01' where grid_code = 'G1';`,
			asOf:   "2026-06-01 12:00:00", feed: "cases", news: "select * exclude (load_id) replace ('withdrawn' as status) from cases where case_id = 'K105'",
		},
		{
			name:   "a month gets its first response",
			before: `update cases set first_response_at = null where reported_at >= timestamp '2026-05-01';`,
			asOf:   "2026-06-01 12:00:00", feed: "cases", news: "select * exclude (load_id) replace (reported_at + interval 1 hour as first_response_at) from cases where case_id = 'K121'",
		},
		{
			name:   "a month loses its only response",
			before: `update cases set first_response_at = null where reported_at >= timestamp '2026-05-01' and case_id <> 'K121';`,
			asOf:   "2026-06-01 12:00:00", feed: "cases", news: "select * exclude (load_id) replace (null::timestamp as first_response_at) from cases where case_id = 'K121'",
		},
		{
			name: "a limit that never ends",
			asOf: "2026-06-01 09:30:00", feed: "cases", news: "select * replace (timestamp '9999-12-31' as due_at) from (" + open + ")",
		},
	} {
		t.Run(night.name, func(t *testing.T) {
			conn := keptDistrict(t, calm+night.before)
			cat, err := catalogue.Load()
			if err != nil {
				t.Fatal(err)
			}
			nightOf(t, conn, cat, false)
			must(t, conn, "update snapshot_info set value = '"+night.asOf+"' where key = 'as_of'; insert into load (load_id, feed, department, loaded_at) values (9, '"+night.feed+"', 'X', timestamp '"+night.asOf+"')")
			bring(t, conn, night.feed, night.news, 9)
			nightOf(t, conn, cat, true)
			if n := count(t, conn, staleMonths); n > 5 || count(t, conn, "select count(*) from part.stale_cell") == 0 {
				t.Errorf("%d months counted again: the night is none that touches little", n)
			}
			compareWithFresh(t, conn, cat, night.name)
		})
	}
}

// keptDistrict opens a database file by the name that compareWithFresh reads, with all tables and these rows.
func keptDistrict(t *testing.T, rows string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("duckdb", t.TempDir()+"/kept.duckdb?threads=2&memory_limit=1GB")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := schema.Create(context.Background(), conn); err != nil {
		t.Fatal(err)
	}
	must(t, conn, rows)
	return conn
}

// TestEveryStatementThatGoesByStaleCellsIsADefinition: a month that was counted by an older statement would stay.
func TestEveryStatementThatGoesByStaleCellsIsADefinition(t *testing.T) {
	known := map[string]bool{}
	for _, files := range compute.Definitions() {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, path)
			known[string(text)] = true
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	found := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".sql" || strings.Contains(path, "schema") {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(text), "part.is_stale") {
			found++
			if !known[string(text)] {
				t.Errorf("%s goes by the stale cells, but is none of compute.Definitions", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 10 {
		t.Errorf("only %d statements found", found)
	}
}

// TestAnotherVersionCountsEverythingAgain: a newer program may count otherwise.
func TestAnotherVersionCountsEverythingAgain(t *testing.T) {
	conn := keptDistrict(t, calm)
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	must(t, conn, "insert into snapshot_info values ('version', '1')")
	nightOf(t, conn, cat, false)
	nightOf(t, conn, cat, true)
	if n := count(t, conn, staleMonths+" or clock = 'backlog'"); n < 1 || n > 5 {
		t.Fatalf("%d months counted again by the same version", n)
	}
	must(t, conn, "update snapshot_info set value = '2' where key = 'version'")
	nightOf(t, conn, cat, true)
	if n := count(t, conn, "select count(*) from part.stale_cell"); n > 0 {
		t.Errorf("another version counted %d cells again instead of everything", n)
	}
}

// TestWholeStatementsReadNoFeed: they run while the large feeds are narrowed to a few rows.
func TestWholeStatementsReadNoFeed(t *testing.T) {
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	narrowed := regexp.MustCompile(`\b(cases|satisfaction|case_events|case_fact|case_log|case_pause|case_step|survey_fact|survey_repair|repeat_fact|record_fact|arrival_fact)\b`)
	for _, ind := range cat {
		if ind.Kind != catalogue.Area && ind.Kind != catalogue.Composite {
			continue
		}
		if name := narrowed.FindString(ind.Statement); name != "" {
			t.Errorf("indicator %s reads %s", ind.Code, name)
		}
	}
}

// TestAClockIsStoppedOnce: a log may say twice that it stands still.
func TestAClockIsStoppedOnce(t *testing.T) {
	conn := computed(t, `
insert into case_events (case_id, seq, event, happened_at) values
  ('A', 1, 'paused', timestamp '2026-01-05 09:00'), ('A', 2, 'paused', timestamp '2026-01-06 09:00'), ('A', 3, 'resumed', timestamp '2026-01-07 09:00'),
  ('A', 4, 'resumed', timestamp '2026-01-08 09:00'), ('A', 5, 'paused', timestamp '2026-01-09 09:00'),
  ('B', 1, 'resumed', timestamp '2026-01-05 09:00')`)
	if got := count(t, conn, `
select count(*) from (
  from case_pause
  except
  values ('A', timestamp '2026-01-05 09:00', timestamp '2026-01-07 09:00'), ('A', timestamp '2026-01-09 09:00', null)
)`); got != 0 || count(t, conn, "select count(*) from case_pause") != 2 {
		t.Errorf("%d spans are none that the clock stood still for", got)
	}
}

// TestOfAnswersAtOneTimeTheLastSurveyCounts, whatever order they came in.
func TestOfAnswersAtOneTimeTheLastSurveyCounts(t *testing.T) {
	for _, order := range []string{"asc", "desc"} {
		conn := computed(t, `
insert into cases (case_id, reported_at) values ('A', timestamp '2026-01-01');
insert into satisfaction (survey_id, case_id, surveyed_at, responded, score)
select * from (values
  ('1', 'A', timestamp '2026-01-05', true, 1), ('2', 'A', timestamp '2026-02-05', true, 5), ('3', 'A', timestamp '2026-02-05', true, 2),
  ('4', 'A', timestamp '2026-02-05', false, null)) as v(id, a, day, r, s)
order by id `+order)
		if got := count(t, conn, "select sum(last_score) from survey_repair"); got != 2 {
			t.Errorf("%s: the last score is %d, want 2", order, got)
		}
	}
}
