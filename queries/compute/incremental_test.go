package compute_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/queries/breakdown"
	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/surveys"
)

// lives are whole lives of cases, of which a night sees what has happened by then: %[1]d cases drawn by the seed %[2]d.
// Some wait long or for ever, some logs stand still, a few rows are corrected late, and a few closings are known ahead.
const lives = `
create schema life;
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2000-01-01 00:00:00'), ('time_zone', 'Asia/Shanghai');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population, households, valid_from, valid_to)
select 'G' || g, 'C' || (g // 3), 'S' || (g // 6), 'D', 500 + g, 200, if(g = 11, date '2025-06-01', null), if(g = 10, date '2026-02-01', null) from range(12) as t(g);
insert into staff (staff_key, grid_code, role, employment, birth_year, valid_from, valid_to, load_id)
select 'w' || i, 'G' || (i %% 12), if(i %% 4 = 3, 'mediator', 'grid_worker'), 'full_time', 1980, date '2024-01-01' + (i * 20)::integer, if(i %% 5 = 0, date '2026-01-15' + (i * 7)::integer, null), 1 from range(30) as t(i);
insert into training (staff_key, held_on, hours, load_id) select 'w' || (i %% 30), date '2024-09-01' + (i * 9)::integer, 3, 1 from range(80) as t(i);
insert into appraisals (from_org, to_org, direction, period, score, load_id)
select 'X', 'S' || (i %% 2), 'department_on_subdistrict', date '2025-01-01' + to_months((i // 2)::integer), 80 + i %% 9, 1 from range(36) as t(i);
create table life.cases as
with drawn as (
  select i, (hash(i, %[2]d) >> 1)::bigint as h, (hash(i, %[2]d, 1) %% 1000) / 1000.0 as u, (hash(i, %[2]d, 2) %% 1000) / 1000.0 as v,
    timestamp '2024-11-05' + to_seconds((hash(i, %[2]d, 3) %% 63500000)::bigint) as reported_at
  from range(%[1]d) as t(i)
),
timed as (
  select *, reported_at + to_seconds((7200 * u)::bigint) as accepted_at, reported_at + to_seconds((7200 * (u + v))::bigint) as dispatched_at,
    if(h %% 13 = 0, null, reported_at + to_seconds((90000 * v)::bigint)) as first_response_at,
    case when h %% 40 = 0 then null when h %% 25 = 1 then reported_at + to_seconds((40000000 * u)::bigint) else reported_at + to_seconds((-200000 * ln(1 - u))::bigint) end as closed_at
  from drawn
)
select 'K' || i as case_id, ['event', 'request', 'dispute'][1 + h %% 3] as case_kind, reported_at, ['hotline', 'patrol', 'app'][1 + h %% 3] as channel,
  ['resident', 'patrol', 'superior'][1 + (h // 3) %% 3] as source, ['A', 'B'][1 + (h // 5) %% 2] as category_1,
  case when h %% 31 = 0 then null when reported_at < timestamp '2026-02-01' then 'G' || (h // 7) %% 11 else 'G' || (h // 7) %% 10 end as grid_code,
  ['grid', 'community', 'subdistrict'][1 + (h // 11) %% 3] as reported_level, ['grid_worker', 'mediator', 'department'][1 + (h // 13) %% 3] as handler_kind,
  ['grid', 'community', 'subdistrict'][1 + (h // 17) %% 3] as handling_level, 1 + (h // 19) %% 2 as department_count, 1 + (h // 23) %% 2 as system_count,
  accepted_at, if(h %% 29 = 0, null, dispatched_at) as dispatched_at, first_response_at,
  if(h %% 9 = 0, null, reported_at + interval 5 day) as due_at, closed_at,
  case when h %% 37 = 0 then 'on_hold' when h %% 53 = 0 then 'duplicate' when h %% 59 = 0 then 'rejected' else 'handling' end as status,
  ['resolved', 'agreement', 'mediation_failed'][1 + (h // 29) %% 3] as outcome, (h // 31) %% 3 as handoffs, (h // 37) %% 2 as returns,
  if((h // 37) %% 2 = 1, 'wrong_dispatch', null) as return_reason, (h // 41) %% 2 as reopened, (h // 43) %% 2 as visits_needed, 'r' || hash(i, 3) %% 20 as reporter_key,
  h %% 23 = 0 as has_pause, h %% 7 < 3 as has_log, h %% 211 = 5 as foretold,
  if(h %% 901 = 0, timestamp '2026-08-01' + to_days((h // 7 %% 60)::integer), null) as corrected_at,
  if(h %% 907 = 1, greatest(reported_at, timestamp '2026-08-01' + to_days((h // 7 %% 60)::integer)), reported_at) as delivered_at
from timed;
create table life.case_events as
select case_id, s as seq, ['reported', 'accepted', 'dispatched', 'handled', 'checked', 'closed', 'paused', 'resumed'][s] as event,
  [reported_at, accepted_at, dispatched_at, closed_at - interval 2 minute, closed_at - interval 1 minute, closed_at, reported_at + interval 10 minute, reported_at + interval 30 hour][s] as happened_at,
  if(hash(case_id) %% 401 = 1, timestamp '2026-08-01' + to_days((hash(case_id, 1) %% 60)::integer), timestamp '2000-01-01') as delivered_at
from life.cases, range(1, 9) as t(s) where has_log and (s < 7 or has_pause);
delete from life.case_events where happened_at is null or event = 'resumed' and hash(case_id) %% 5 = 0;
create table life.satisfaction as
select 'V' || case_id as survey_id, case_id, null::varchar as grid_code, closed_at + interval 3 day as surveyed_at, true as contacted_ok, hash(case_id) %% 4 > 0 as responded, hash(case_id) %% 3 > 0 as resolved,
  (1 + (hash(case_id) // 7) %% 5)::integer as score, corrected_at
from life.cases where hash(case_id) %% 3 = 0 and closed_at is not null
union all
select 'W' || case_id, case_id, null, closed_at + interval 40 day, true, true, true, 4, null from life.cases where hash(case_id) %% 15 = 0 and closed_at is not null;
create table life.activities as
select 'A' || i as activity_id, ['visit', 'deliberation', 'social_work'][1 + i %% 3] as kind, 'G' || (i %% 10) as grid_code, date '2024-11-20' + (i * 2)::integer as held_on, 9 as participants, 1.5 as hours, 4 as households_visited
from range(340) as t(i);`

// seen are what each feed shows at a time.
var seen = map[string]string{
	"cases": `
select case_id, case_kind, reported_at, channel, source, if(corrected_at <= $T, 'B', category_1) as category_1, if(corrected_at <= $T, 'G1', grid_code) as grid_code, reported_level, handler_kind,
  if(closed_at <= $T, handling_level, null) as handling_level, department_count, system_count, if(accepted_at <= $T, accepted_at, null) as accepted_at, if(dispatched_at <= $T, dispatched_at, null) as dispatched_at,
  if(first_response_at <= $T, first_response_at, null) as first_response_at, due_at, if(foretold or closed_at <= $T, if(corrected_at <= $T, reported_at + interval 9 hour, closed_at), null) as closed_at,
  if(closed_at <= $T and status = 'handling', 'closed', status) as status, if(closed_at <= $T, outcome, null) as outcome, handoffs, returns, return_reason, reopened, visits_needed, reporter_key,
  greatest(reported_at, if(accepted_at <= $T, accepted_at, null), if(closed_at <= $T, closed_at, null)) as updated_at
from life.cases where delivered_at <= $T`,
	"case_events":  "select case_id, seq, event, happened_at from life.case_events where greatest(happened_at, delivered_at) <= $T",
	"satisfaction": "select survey_id, case_id, grid_code, surveyed_at, contacted_ok, responded, resolved, if(corrected_at <= $T, 1, score) as score from life.satisfaction where surveyed_at <= $T",
	"activities":   "select activity_id, kind, grid_code, held_on, participants, hours, households_visited from life.activities where held_on <= $T",
}

var keyOf = map[string]string{"cases": "case_id", "case_events": "case_id, seq", "satisfaction": "survey_id", "activities": "activity_id", "grids": "grid_code"}

func nightOf(t *testing.T, conn *sql.Conn, cat catalogue.Catalogue, incremental bool) {
	t.Helper()
	ctx := context.Background()
	if err := compute.Run(ctx, conn, cat, compute.Options{Incremental: incremental}); err != nil {
		t.Fatal(err)
	}
	for _, run := range []func(context.Context, *sql.Conn) (int64, error){breakdown.Run, flows.Run, surveys.Run} {
		if _, err := run(ctx, conn); err != nil {
			t.Fatal(err)
		}
	}
	if err := compute.Widen(ctx, conn); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// bring lets a load bring the rows of a query that are not there as they are; older versions give way.
func bring(t *testing.T, conn *sql.Conn, feed, query string, load int) {
	t.Helper()
	must(t, conn, fmt.Sprintf(`
create or replace temp table shown as from %[2]s limit 0;
insert into shown by name (%[1]s);
create or replace temp table news as select * exclude (load_id) from shown except select * exclude (load_id) from %[2]s;
create or replace temp table replaced_%[2]s as select * from %[2]s where (%[3]s) in (select (%[3]s) from news);
delete from %[2]s where (%[3]s) in (select (%[3]s) from news);
insert into %[2]s by name select *, %[4]d as load_id from news;
drop table shown;`, query, feed, keyOf[feed], load))
}

// TestNightAfterNightEqualsCountingEverything lets random nights pass, and after each holds every derived table against
// one that was counted from nothing.
func TestNightAfterNightEqualsCountingEverything(t *testing.T) {
	ctx := context.Background()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 4))
	db, err := sql.Open("duckdb", t.TempDir()+"/kept.duckdb?threads=2&memory_limit=1GB")
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
	must(t, conn, fmt.Sprintf(lives, 4000, seed%1_000_000))
	now := time.Date(2026, 8, 20, 12, 0, 0, 0, time.UTC)
	steps := []time.Duration{time.Hour, 24 * time.Hour, 24 * time.Hour, 72 * time.Hour, 11 * 24 * time.Hour, 35 * 24 * time.Hour}
	random.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
	few := 0
	for night := range len(steps) + 1 {
		if night > 0 {
			now = now.Add(steps[night-1])
		}
		at := "timestamp '" + now.Format(time.DateTime) + "'"
		must(t, conn, "update snapshot_info set value = '"+now.Format(time.DateTime)+"' where key = 'as_of'")
		for i, feed := range []string{"cases", "case_events", "satisfaction", "activities"} {
			load := 10*(night+1) + i
			must(t, conn, fmt.Sprintf("insert into load (load_id, feed, department, loaded_at) values (%d, '%s', 'X', %s + interval 3 hour)", load, feed, at))
			view := strings.ReplaceAll(seen[feed], "$T", at)
			bring(t, conn, feed, view, load)
		}
		cat, err := catalogue.Load() // as another process would
		if err != nil {
			t.Fatal(err)
		}
		nightOf(t, conn, cat, night > 0)
		if n := count(t, conn, staleMonths); n > 0 && n < 20 {
			few++
		}
		t.Logf("night %d: %d cells in %d months of reports counted again", night, count(t, conn, "select count(*) from part.stale_cell where clock = 'reported_at'"), count(t, conn, staleMonths))
		compareWithFresh(t, conn, cat, fmt.Sprintf("night %d, %s after the one before", night, now.Sub(now.Add(-steps[max(night-1, 0)]))))
		if t.Failed() {
			return
		}
	}
	if few < 3 {
		t.Errorf("only %d of %d nights counted less than everything", few, len(steps))
	}
}

// compareWithFresh counts everything anew in a second database.
func compareWithFresh(t *testing.T, conn *sql.Conn, cat catalogue.Catalogue, what string) {
	t.Helper()
	must(t, conn, "attach ':memory:' as fresh; use fresh")
	if err := schema.Create(context.Background(), conn); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"snapshot_info", "load", "grids", "staff", "training", "appraisals", "cases", "case_events", "satisfaction", "activities"} {
		must(t, conn, "insert into fresh.main."+table+" from kept.main."+table)
	}
	nightOf(t, conn, cat, false)
	rows, err := conn.QueryContext(context.Background(), `
select
  schema_name || '.' || table_name,
  string_agg(case data_type when 'DOUBLE' then 'format(''{:.9e}'', "' || column_name || '")' else '"' || column_name || '"::varchar' end, ', ' order by column_index)
from duckdb_columns()
where not internal
  and database_name = 'fresh'
  and table_name in (select table_name from duckdb_tables() where database_name = 'fresh')
  and table_name not in ('stale_cell', 'computed')
group by all`)
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]string{}
	for rows.Next() {
		var table, columns string
		if err := rows.Scan(&table, &columns); err != nil {
			t.Fatal(err)
		}
		queries[table] = "select concat_ws('|', " + columns + ") as row from "
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for table, query := range queries {
		kept, fresh := query+"kept."+table, query+"fresh."+table
		n := count(t, conn, "select count(*) from ("+kept+" except all "+fresh+")") + count(t, conn, "select count(*) from ("+fresh+" except all "+kept+")")
		if n > 0 {
			var a, b sql.NullString
			_ = conn.QueryRowContext(context.Background(), "select (select min(row) from ("+kept+" except all "+fresh+")), (select min(row) from ("+fresh+" except all "+kept+"))").Scan(&a, &b)
			t.Errorf("%s: %s differs in %d rows: kept\n%s, counted anew\n%s", what, table, n, a.String, b.String)
		}
	}
	must(t, conn, "use kept; detach fresh")
}
