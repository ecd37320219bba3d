package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/schema"
)

// Bare is the yardstick: what DuckDB by itself needs to read the district's
// cases, surveys and grids with types into a file, and to count the same sums
// for every area and period. It checks nothing, removes no duplicate, leaves
// every word as the department wrote it, and makes no value or interval.
func Bare(ctx context.Context, dir, memory string) ([]Step, error) {
	file := filepath.Join(dir, "bare.duckdb")
	if err := os.RemoveAll(file); err != nil {
		return nil, err
	}
	defer os.RemoveAll(file)
	db, err := sql.Open("duckdb", file+"?memory_limit="+memory)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := schema.Create(ctx, conn); err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"folder": filepath.Join(dir, "data"), "as_of": dayBefore + " 23:59:59"} {
		if _, err := conn.ExecContext(ctx, "set variable "+name+" = ?", value); err != nil {
			return nil, err
		}
	}
	cat, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	var steps []Step
	step := func(name string, do func() error) error {
		started := time.Now()
		if err := do(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		steps = append(steps, Step{name, time.Since(started).Seconds()})
		return nil
	}
	for _, name := range []string{"grids", "cases", "satisfaction"} {
		if err := step("read "+name, func() error { return execFile(ctx, conn, "bare_"+name+".sql") }); err != nil {
			return nil, err
		}
	}
	if err := step("write the file", func() error { _, err := conn.ExecContext(ctx, "checkpoint"); return err }); err != nil {
		return nil, err
	}
	if err := compute.CreateFacts(ctx, conn); err != nil {
		return nil, err
	}
	for _, s := range sums(cat) {
		if err := step("sums of "+s.fact+" by "+s.time, func() error { _, err := conn.ExecContext(ctx, s.sql()); return err }); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// threeFeeds are the feeds that bare DuckDB reads. Indicators that need others are left out of its sums.
var threeFeeds = []string{"cases", "satisfaction", "grids"}

// sum is the indicators that are counted on one fact by one date.
type sum struct {
	fact, time  string
	expressions []string
	keys        []string // what else is grouped by: the duration, for survival
}

// sums are the catalogue's expressions on the three feeds, in as few scans as can be.
func sums(cat catalogue.Catalogue) []*sum {
	var all []*sum
	for _, ind := range cat {
		if ind.Kind.Whole() || slices.ContainsFunc(ind.Feeds, func(feed string) bool { return !slices.Contains(threeFeeds, feed) }) {
			continue
		}
		if ind.Kind == catalogue.Survival {
			all = append(all, &sum{fact: ind.Fact, time: ind.Time, keys: []string{ind.Part("duration")}, expressions: []string{"count(*)", "count_if(" + ind.Part("ended") + ")"}})
			continue
		}
		i := slices.IndexFunc(all, func(s *sum) bool { return s.fact == ind.Fact && s.time == ind.Time && len(s.keys) == 0 })
		if i < 0 {
			all = append(all, &sum{fact: ind.Fact, time: ind.Time})
			i = len(all) - 1
		}
		for _, part := range ind.Parts {
			all[i].expressions = append(all[i].expressions, part.SQL)
		}
	}
	return all
}

// sql counts by grid and month first and adds up from there: the fastest way
// that needs nothing but GROUPING SETS.
func (s *sum) sql() string {
	var parts, totals []string
	names := []string{}
	for i, k := range s.keys {
		name := fmt.Sprintf("k%d", i)
		parts = append(parts, k+" as "+name)
		names = append(names, name)
	}
	for i, e := range s.expressions {
		parts = append(parts, fmt.Sprintf("(%s)::double as e%d", e, i))
		totals = append(totals, fmt.Sprintf("sum(e%d) as e%d", i, i))
	}
	var sets []string
	for _, area := range []string{"", "subdistrict_code", "community_code", "grid_code"} {
		for _, period := range []string{"month", "quarter", "year"} {
			keys := append([]string{period}, names...)
			if area != "" {
				keys = append(keys, area)
			}
			sets = append(sets, "("+strings.Join(keys, ", ")+")")
		}
	}
	group := strings.Join(append([]string{"month", "quarter", "year", "grid_code", "community_code", "subdistrict_code"}, names...), ", ")
	return fmt.Sprintf(`create or replace temp table sums as
with part as (
  select
    date_trunc('month', %[1]s)::date as month,
    date_trunc('quarter', %[1]s)::date as quarter,
    date_trunc('year', %[1]s)::date as year,
    grid_code,
    community_code,
    subdistrict_code,
    %[2]s
  from %[3]s
  where %[1]s is not null
  group by %[4]s
)
select
  %[4]s,
  %[5]s
from part
group by grouping sets (%[6]s)`, s.time, strings.Join(parts, ",\n    "), s.fact, group, strings.Join(totals, ",\n  "), strings.Join(sets, ", "))
}
