package compute

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/schema"
)

var (
	benchCases  = flag.Int("cases", 1_000_000, "cases of the benchmark's district")
	benchEvents = flag.Bool("events", true, "give the benchmark's cases a log of six steps each")
	benchFile   = flag.String("file", "", "keep the benchmark's district in this file instead of in memory")
)

// A district of 1,200 grids, 120 communities and 12 subdistricts over three years, drawn by hashes: as large as a real
// one, and nothing but large. Three cases in ten have a survey.
const benchDistrict = `
insert into snapshot_info values ('district_code', 'D'), ('district_name', '某区'), ('as_of', '2026-10-31 23:59:59');
insert into grids (grid_code, community_code, subdistrict_code, district_code, population, households)
select 'G' || lpad(g::varchar, 5, '0'), 'C' || lpad((g // 10)::varchar, 4, '0'), 'S' || lpad((g // 100)::varchar, 3, '0'), 'D', 700 + g, 300 from range(1200) as t(g);
insert into staff (staff_key, grid_code, role, employment, valid_from)
select 'w' || g, 'G' || lpad(g::varchar, 5, '0'), 'grid_worker', 'full_time', date '2023-01-01' from range(1200) as t(g);
insert into training (staff_key, held_on, course, hours)
select 'w' || (i %% 1200), date '2023-11-01' + (i %% 1090)::integer, i, 4 from range(12000) as t(i);
insert into activities (activity_id, kind, grid_code, held_on, participants, hours, households_visited)
select i, ['visit', 'deliberation', 'social_work', 'volunteer'][1 + i %% 4], 'G' || lpad((hash(i) %% 1200)::varchar, 5, '0'), date '2023-11-01' + (i %% 1090)::integer, 12, 2, 9
from range(60000) as t(i);
insert into cases (case_id, case_kind, reported_at, channel, source, category_1, grid_code, reported_level, handler_kind, handling_level, department_count,
  system_count, accepted_at, dispatched_at, first_response_at, due_at, closed_at, status, outcome, handoffs, returns, return_reason, reopened, visits_needed, reporter_key)
with drawn as (
  select i, (hash(i) >> 1)::bigint as h, timestamp '2023-11-01' + to_seconds((hash(i, 1) %% 94600000)::bigint) as reported_at, -ln((1 + hash(i, 2) %% 100000) / 100001.0) as wait
  from range(%[1]d) as t(i)
)
select 'JC' || lpad(i::varchar, 12, '0'), ['event', 'request', 'dispute'][1 + h %% 3], reported_at, ['hotline', 'patrol', 'app', 'web', 'visit'][1 + h %% 5],
  ['resident', 'patrol', 'department'][1 + h %% 3], ['A', 'B', 'C', 'D', 'E', 'F'][1 + (h // 7) %% 6], 'G' || lpad(((h // 64) %% 1200)::varchar, 5, '0'),
  ['grid', 'community', 'subdistrict', 'district'][1 + (h // 11) %% 4], ['grid_worker', 'community', 'mediator', 'department'][1 + (h // 13) %% 4],
  ['grid', 'community', 'subdistrict', 'district'][1 + (h // 17) %% 4], 1 + (h // 19) %% 2, 1 + (h // 23) %% 3,
  reported_at + interval 1 hour, reported_at + interval 2 hour, reported_at + to_hours((12 * wait)::integer), reported_at + interval 120 hour,
  if(h %% 50 = 0, null, reported_at + to_seconds((250000 * wait)::bigint)), if(h %% 50 = 0, 'handling', 'closed'),
  ['resolved', 'agreement', 'mediation_failed'][1 + (h // 29) %% 3], (h // 31) %% 4, (h // 37) %% 2, if((h // 37) %% 2 = 1, 'wrong_dispatch', null), ((h // 41) %% 20 = 0)::integer,
  (h // 43) %% 3, 'r' || (hash(i, 3) %% 3000000)
from drawn
where reported_at <= timestamp '2026-10-31';
insert into satisfaction (survey_id, case_id, surveyed_at, responded, resolved, score)
select 'S' || row_number() over (), case_id, reported_at + interval 6 day, hash(case_id) %% 4 > 0, hash(case_id) %% 5 > 0, 1 + (hash(case_id) // 7) %% 5
from cases
where hash(case_id) %% 10 < 3;`

const benchLog = `
insert into case_events (case_id, seq, event, happened_at)
select case_id, s, ['reported', 'accepted', 'dispatched', 'handled', 'checked', 'closed'][s],
  [reported_at, accepted_at, dispatched_at, dispatched_at + interval 1 hour, dispatched_at + interval 2 hour, dispatched_at + interval 3 hour][s]
from cases, range(1, 7) as t(s);`

func benchDatabase(b *testing.B) *sql.Conn {
	b.Helper()
	ctx := context.Background()
	dsn := "?threads=2&memory_limit=2500MB"
	if *benchFile != "" {
		dsn = *benchFile + dsn
	}
	db, err := sql.Open("duckdb", dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	if _, err := conn.ExecContext(ctx, "set temp_directory = '"+b.TempDir()+"'"); err != nil {
		b.Fatal(err)
	}
	if err := schema.Create(ctx, conn); err != nil {
		b.Fatal(err)
	}
	fill := fmt.Sprintf(benchDistrict, *benchCases)
	if *benchEvents {
		fill += benchLog
	}
	if _, err := conn.ExecContext(ctx, fill); err != nil {
		b.Fatal(err)
	}
	if err := CreateFacts(ctx, conn); err != nil {
		b.Fatal(err)
	}
	return conn
}

// BenchmarkRun computes everything, and compares with bare DuckDB counting the same parts of cases and surveys by the
// same grouping sets of areas and months: no areas' names, stocks, durations, values, intervals or flags. The ratio is
// also given in processor time, which other programs on the machine disturb less.
//
//	go test ./queries/compute -run xxx -bench Run -benchtime 1x -cases 10000000 -events=false -file /tmp/bench.duckdb
func BenchmarkRun(b *testing.B) {
	ctx := context.Background()
	conn := benchDatabase(b)
	cat, err := catalogue.Load()
	if err != nil {
		b.Fatal(err)
	}
	bare, bareCPU := bareGroupingSets(b, ctx, conn, cat)
	for b.Loop() {
		started, cpu, last := time.Now(), processorTime(), processorTime()
		err := Run(ctx, conn, cat, Options{OnStep: func(name string, seconds float64) {
			b.Logf("%-32s %7.2f s, processor %7.2f s", name, seconds, processorTime()-last)
			last = processorTime()
		}})
		if err != nil {
			b.Fatal(err)
		}
		seconds, cpuSeconds := time.Since(started).Seconds(), processorTime()-cpu
		b.Logf("all %.2f s, processor %.2f s; bare %.2f s, processor %.2f s", seconds, cpuSeconds, bare, bareCPU)
		b.ReportMetric(seconds/bare, "ratio")
		b.ReportMetric(cpuSeconds/bareCPU, "cpu-ratio")
	}
}

// bareGroupingSets runs the yardstick once and returns its seconds on the clock and on the processor.
func bareGroupingSets(b *testing.B, ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) (float64, float64) {
	b.Helper()
	started, cpu := time.Now(), processorTime()
	for _, p := range passes(cat, false) {
		if p.fact != "case_fact" && p.fact != "survey_fact" {
			continue
		}
		if _, err := conn.ExecContext(ctx, p.bare()); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(started).Seconds(), processorTime() - cpu
}

// bare counts a pass's parts by the twelve grouping sets of areas and periods, straight from the fact.
func (p pass) bare() string {
	columns := ""
	for _, ind := range p.indicators {
		for _, part := range ind.Parts {
			columns += fmt.Sprintf(",\n  %s as %s_%s", part.SQL, ind.Code, part.Name)
		}
	}
	sets := ""
	for _, area := range []string{"grid_code", "community_code", "subdistrict_code", "district"} {
		for _, period := range []string{"month", "quarter", "year"} {
			sets += fmt.Sprintf(", (%s, %s)", area, period)
		}
	}
	return fmt.Sprintf(`create or replace temp table bare as
select grid_code, community_code, subdistrict_code, district, month, quarter, year%s
from (
  select *, 'D' as district, date_trunc('month', %[2]s)::date as month, date_trunc('quarter', %[2]s)::date as quarter, date_trunc('year', %[2]s)::date as year
  from %[3]s
  where %[2]s is not null
)
group by grouping sets (%[4]s)`, columns, p.time, p.fact, sets[2:])
}

func processorTime() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}
