package compute

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/facts"
)

// pass is the indicators that are counted in one scan.
type pass struct {
	fact, time string
	indicators []catalogue.Indicator
}

// passes groups the indicators that are counted (survival: whose durations are) by fact and date.
func passes(cat catalogue.Catalogue, survival bool) []pass {
	var all []pass
	for _, ind := range cat {
		if ind.Kind.Whole() || (ind.Kind == catalogue.Survival) != survival {
			continue
		}
		i := slices.IndexFunc(all, func(p pass) bool { return p.fact == ind.Fact && p.time == ind.Time })
		if i < 0 {
			all = append(all, pass{fact: ind.Fact, time: ind.Time})
			i = len(all) - 1
		}
		all[i].indicators = append(all[i].indicators, ind)
	}
	return all
}

// source is what the pass reads: the view, or the copy of it that is kept in memory.
func (p pass) source() string {
	if slices.Contains(facts.Kept(), p.fact) {
		return "kept_" + p.fact
	}
	return p.fact
}

// columns are the columns that some indicator of the pass needs filled.
func (p pass) columns() []string {
	var all []string
	for _, ind := range p.indicators {
		for _, column := range ind.Columns {
			if !slices.Contains(all, column) {
				all = append(all, column)
			}
		}
	}
	return all
}

// keep reads the views that are dear and read more than once into memory.
func (c computing) keep(ctx context.Context, cat catalogue.Catalogue) error {
	for _, fact := range facts.Kept() {
		statement := fmt.Sprintf("create or replace temp table kept_%[1]s as from %[1]s", fact)
		if !slices.ContainsFunc(cat, func(ind catalogue.Indicator) bool { return ind.Fact == fact }) {
			continue
		}
		if err := c.exec(ctx, statement); err != nil {
			return fmt.Errorf("view %s: %w", fact, err)
		}
	}
	return nil
}

// forget drops what keep has kept.
func (c computing) forget(ctx context.Context) error {
	for _, fact := range facts.Kept() {
		if err := c.exec(ctx, "drop table if exists kept_"+fact); err != nil {
			return err
		}
	}
	return nil
}

// parts fills indicator_part: one row for each part of an indicator, grid and month.
func (c computing) parts(ctx context.Context) error {
	if err := c.exec(ctx, "delete from indicator_part"); err != nil {
		return err
	}
	cat, err := c.withData(ctx)
	if err != nil {
		return err
	}
	if err := c.keep(ctx, cat); err != nil {
		return err
	}
	for _, p := range passes(cat, false) {
		if err := c.exec(ctx, p.wide()); err != nil {
			return fmt.Errorf("count on %s by %s: %w", p.fact, p.time, err)
		}
		for _, ind := range p.indicators {
			for _, statement := range long(ind) {
				if err := c.exec(ctx, statement); err != nil {
					return fmt.Errorf("indicator %s: %w", ind.Code, err)
				}
			}
		}
	}
	return nil
}

// wide counts all indicators of a pass: a column list generated from the catalogue.
func (p pass) wide() string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		for _, part := range ind.Parts {
			fmt.Fprintf(&columns, ",\n  (%s)::double as %s_%s", part.SQL, ind.Code, part.Name)
		}
	}
	for _, column := range p.columns() {
		fmt.Fprintf(&columns, ",\n  count(%[1]s) as has_%[1]s", column)
	}
	return fmt.Sprintf(`create or replace temp table part_wide as
select
  date_trunc('month', %[1]s)::date as month,
  grid_code,
  community_code,
  subdistrict_code%[2]s
from %[3]s
where %[1]s is not null
group by 1, 2, 3, 4`, p.time, columns.String(), p.source())
}

// long brings one indicator's columns of part_wide under each other. A month
// in which a column that the indicator rests on is filled nowhere has no data.
func long(ind catalogue.Indicator) []string {
	const insert = `insert into indicator_part
select
  '%[1]s',
  '%[2]s',
  month,
  grid_code,
  community_code,
  subdistrict_code,
  %[3]s,
  %[4]s,
  %[5]s
from part_wide
where %[6]s`
	where := func(condition string) string {
		for _, column := range ind.Columns {
			condition += fmt.Sprintf("\n  and month in (select month from part_wide group by month having sum(has_%s) > 0)", column)
		}
		return condition
	}
	var all []string
	if ind.Kind == catalogue.Evenness {
		for _, part := range ind.Parts {
			name := ind.Code + "_" + part.Name
			all = append(all, fmt.Sprintf(insert, ind.Code, part.Name, name, "null", "null", where(name+" > 0")))
		}
		return all
	}
	n, d, squares := ind.Code+"_numerator", ind.Code+"_denominator", "null"
	if ind.Kind == catalogue.Mean {
		squares = ind.Code + "_squares"
	}
	some := "(" + d + " > 0 or " + n + " <> 0)"
	if ind.NumeratorOver != catalogue.Sum {
		some = d + " is not null" // a stock of nothing is known to be nothing
	}
	return []string{fmt.Sprintf(insert, ind.Code, "", "coalesce("+n+", 0)", d, squares, where(some))}
}
