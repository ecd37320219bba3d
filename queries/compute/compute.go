// Package compute fills a snapshot's derived tables: areas, cases by day and
// the values of all indicators.
//
// All indicators of one fact and date are counted in one pass, by grid and
// month. Numerators and denominators are additive, so every other level and
// period is a sum over that small table instead of another scan of the cases.
package compute

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/stat"
)

//go:embed sql/*.sql
var statements embed.FS

// Options say what to report while computing.
type Options struct {
	OnStep func(name string, seconds float64) // called after each step; may be nil
}

// Run computes everything that is derived, in the database that conn has open for writing.
func Run(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue, opt Options) error {
	steps := []struct {
		name string
		do   func() error
	}{
		{"fact views", func() error { return CreateFacts(ctx, conn) }},
		{"areas", func() error { return execFile(ctx, conn, "area.sql") }},
		{"cases by day", func() error { return execFile(ctx, conn, "case_day.sql") }},
		{"indicators by grid and month", func() error { return countParts(ctx, conn, cat) }},
		{"levels and periods", func() error { return execFile(ctx, conn, "roll_up.sql") }},
		{"durations", func() error { return countDurations(ctx, conn, cat) }},
		{"values and intervals", func() error { return writeValues(ctx, conn, cat) }},
	}
	for _, step := range steps {
		started := time.Now()
		if err := step.do(); err != nil {
			return fmt.Errorf("compute %s: %w", step.name, err)
		}
		if opt.OnStep != nil {
			opt.OnStep(step.name, time.Since(started).Seconds())
		}
	}
	return nil
}

// CreateFacts creates the views that indicators are counted on.
func CreateFacts(ctx context.Context, conn *sql.Conn) error {
	names, err := fs.Glob(facts.Files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(facts.Files, name)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// pass is the indicators that are counted in one scan.
type pass struct {
	fact, time string
	indicators []catalogue.Indicator
}

func passes(cat catalogue.Catalogue, survival bool) []pass {
	var all []pass
	for _, ind := range cat {
		if (ind.Kind == catalogue.Survival) != survival {
			continue
		}
		found := false
		for i := range all {
			if all[i].fact == ind.Fact && all[i].time == ind.Time {
				all[i].indicators = append(all[i].indicators, ind)
				found = true
			}
		}
		if !found {
			all = append(all, pass{ind.Fact, ind.Time, []catalogue.Indicator{ind}})
		}
	}
	return all
}

// countParts fills part_month: one row for each indicator, grid and month.
func countParts(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) error {
	const table = `
create or replace temp table part_month (
  indicator varchar,
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  numerator double,
  denominator double
)`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return err
	}
	for _, p := range passes(cat, false) {
		if _, err := conn.ExecContext(ctx, p.wide()); err != nil {
			return fmt.Errorf("count on %s by %s: %w", p.fact, p.time, err)
		}
		for _, ind := range p.indicators {
			if _, err := conn.ExecContext(ctx, long(ind.Code)); err != nil {
				return fmt.Errorf("indicator %s: %w", ind.Code, err)
			}
		}
	}
	return nil
}

// wide counts all indicators of a pass, two columns each: a column list generated from the catalogue.
func (p pass) wide() string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		fmt.Fprintf(&columns, ",\n  (%s)::double as %s_n,\n  (%s)::double as %s_d", ind.Numerator, ind.Code, ind.Denominator, ind.Code)
	}
	return fmt.Sprintf(`create or replace temp table part_wide as
select
  date_trunc('month', %[1]s)::date as month,
  grid_code,
  community_code,
  subdistrict_code%[2]s
from %[3]s
where %[1]s is not null
group by 1, 2, 3, 4`, p.time, columns.String(), p.fact)
}

func long(code string) string {
	return fmt.Sprintf(`insert into part_month
select
  '%[1]s',
  month,
  grid_code,
  community_code,
  subdistrict_code,
  coalesce(%[1]s_n, 0),
  %[1]s_d
from part_wide
where %[1]s_d > 0`, code)
}

// countDurations fills survival_total, the Kaplan–Meier quantiles.
func countDurations(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) error {
	const table = `
create or replace temp table survival_month (
  indicator varchar,
  quantile double,
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  duration integer,
  ended bigint,
  cases bigint
)`
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return err
	}
	for _, p := range passes(cat, true) {
		for _, ind := range p.indicators {
			if _, err := conn.ExecContext(ctx, durations(ind)); err != nil {
				return fmt.Errorf("indicator %s: %w", ind.Code, err)
			}
		}
	}
	return execFile(ctx, conn, "survival.sql")
}

func durations(ind catalogue.Indicator) string {
	return fmt.Sprintf(`insert into survival_month
with durations as (
  select
    date_trunc('month', %[1]s)::date as month,
    grid_code,
    community_code,
    subdistrict_code,
    %[2]s as duration,
    %[3]s as ended
  from %[4]s
)
select
  '%[5]s',
  %[6]v,
  month,
  grid_code,
  community_code,
  subdistrict_code,
  duration,
  count_if(ended),
  count(*)
from durations
where month is not null
  and duration is not null
group by month, grid_code, community_code, subdistrict_code, duration`, ind.Time, ind.Numerator, ind.Denominator, ind.Fact, ind.Code, ind.Quantile)
}

// writeValues fills indicator_value.
func writeValues(ctx context.Context, conn *sql.Conn, cat catalogue.Catalogue) error {
	if _, err := conn.ExecContext(ctx, "create or replace temp table indicator_meta (indicator varchar, kind varchar, scale double, interval varchar)"); err != nil {
		return err
	}
	for _, ind := range cat {
		if _, err := conn.ExecContext(ctx, "insert into indicator_meta values (?, ?, ?, ?)", ind.Code, string(ind.Kind), ind.Scale, ind.Interval); err != nil {
			return err
		}
	}
	if err := poissonLimits(ctx, conn); err != nil {
		return err
	}
	if err := execFile(ctx, conn, "macros.sql"); err != nil {
		return err
	}
	return execFile(ctx, conn, "values.sql")
}

// poissonLimits fills poisson_limit with Garwood's exact limits for each count that occurs.
// DuckDB has no quantile of the gamma distribution, so these few come from Go.
func poissonLimits(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, "select distinct numerator from part_total semi join indicator_meta on part_total.indicator = indicator_meta.indicator and interval = 'poisson'")
	if err != nil {
		return err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var count float64
		if err := rows.Scan(&count); err != nil {
			return err
		}
		limits := stat.PoissonRate(count, 1, 0.95)
		values = append(values, fmt.Sprintf("(%v, %v, %v)", count, limits.Low, limits.High))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "create or replace temp table poisson_limit (count double, low double, high double)"); err != nil {
		return err
	}
	for len(values) > 0 {
		n := min(len(values), 1000)
		if _, err := conn.ExecContext(ctx, "insert into poisson_limit values "+strings.Join(values[:n], ", ")); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func execFile(ctx context.Context, conn *sql.Conn, name string) error {
	text, err := fs.ReadFile(statements, "sql/"+name)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
