package compute

import (
	"context"
	"errors"
	"fmt"
	"regexp"
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

// isPlaced tells whether the pass reads a copy that has numbers of places instead of the codes of areas.
func (p pass) isPlaced() bool { return p.source() != p.fact && facts.OfCases(p.fact) }

// table is where the pass keeps its parts by grid and month, two columns or
// more for each indicator. It stays in the snapshot: a run that touches a few
// months only has to count those again.
func (p pass) table() string { return "part." + p.fact + "_by_" + p.time }

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

// keep reads the views that are dear and read more than once into memory: of their columns, those that an indicator names.
func (c *computing) keep(ctx context.Context, cat catalogue.Catalogue) error {
	for _, fact := range facts.Kept() {
		named := map[string]bool{}
		for _, ind := range cat {
			if ind.Fact == fact {
				for _, name := range word.FindAllString(ind.Statement+" "+ind.Time+" "+strings.Join(ind.Columns, " "), -1) {
					named[name] = true
				}
			}
		}
		if len(named) == 0 {
			continue
		}
		columns, err := c.columns(ctx, fact)
		if err != nil {
			return fmt.Errorf("view %s: %w", fact, err)
		}
		areas := []string{"grid_code", "community_code", "subdistrict_code"}
		columns = slices.DeleteFunc(columns, func(name string) bool { return !named[name] || slices.Contains(areas, name) })
		for i, name := range columns {
			columns[i] = "f." + name
		}
		from := fact + " as f"
		if facts.OfCases(fact) {
			columns = append(columns, "p.place")
			from += "\nleft join place_key as p on " + samePlace
		} else {
			columns = append(columns, areas...)
		}
		if err := c.exec(ctx, fmt.Sprintf("create or replace temp table kept_%s as\nselect\n  %s\nfrom %s", fact, strings.Join(columns, ",\n  "), from)); err != nil {
			return fmt.Errorf("view %s: %w", fact, err)
		}
	}
	return nil
}

// samePlace joins place_key to a fact on cases.
const samePlace = `p.grid_code = f.grid_code
  and p.community_code is not distinct from f.community_code
  and p.subdistrict_code is not distinct from f.subdistrict_code`

// word is a name in a statement.
var word = regexp.MustCompile(`[a-z_][a-z0-9_]*`)

// columns are the names of a view's columns.
func (c *computing) columns(ctx context.Context, view string) ([]string, error) {
	rows, err := c.conn.QueryContext(ctx, "from "+view+" limit 0")
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Close())
}

// forget drops what keep has kept.
func (c *computing) forget(ctx context.Context) error {
	for _, fact := range facts.Kept() {
		if err := c.exec(ctx, "drop table if exists kept_"+fact); err != nil {
			return err
		}
	}
	return nil
}

// parts counts the parts of all indicators by grid and month, one table a pass.
func (c *computing) parts(ctx context.Context) error {
	if err := c.keep(ctx, c.known); err != nil {
		return err
	}
	for _, p := range passes(c.known, false) {
		count := func() error { return c.exec(ctx, "create or replace table "+p.table()+" as\n"+p.count("")) }
		if c.narrow {
			count = func() error { return c.recount(ctx, p) }
		}
		if err := count(); err != nil {
			return fmt.Errorf("count on %s by %s: %w", p.fact, p.time, err)
		}
	}
	return nil
}

// recount counts the stale cells of a pass again, and writes down the months that come out otherwise than before.
func (c *computing) recount(ctx context.Context, p pass) error {
	clock, _ := clockOf(p)
	here := fmt.Sprintf("part.is_stale('%s', month, %s)", clock, p.area())
	return c.exec(ctx, fmt.Sprintf(`create or replace temp table recount as
%[1]s;
%[4]s;
delete from %[2]s
where %[3]s
  and month in (select month from touched_month where pass = '%[2]s');
insert into %[2]s
from recount
where month in (select month from touched_month where pass = '%[2]s')`, p.count(clock), p.table(), here, touches(p.table(), "recount", p.table()+"\nwhere "+here)))
}

// touches writes down the months of a pass in which two sets of rows differ: by their number and by the hashes of all
// rows, since comparing row by row took as long as counting.
func touches(pass, now, before string) string {
	const prints = `select
    month,
    count(*) as rows,
    bit_xor(hash(*columns(*))) as print,
    sum(hash(*columns(*))::hugeint) as total
  from %s
  group by month`
	return fmt.Sprintf(`insert into touched_month
select '%s', coalesce(n.month, b.month)
from (
  %s
) as n
full join (
  %s
) as b on b.month = n.month
where (n.rows, n.print, n.total) is distinct from (b.rows, b.print, b.total)`, pass, fmt.Sprintf(prints, now), fmt.Sprintf(prints, before))
}

// area is what part.stale_cell knows a part's area by: its community, or the feed that a row of record_fact is of and that.
func (p pass) area() string {
	if p.ofFeeds() {
		return "concat(feed, ':', community_code)"
	}
	return "community_code"
}

// ofFeeds tells whether the rows of several feeds are counted, and kept apart.
func (p pass) ofFeeds() bool { return p.fact == "record_fact" }

// count counts all indicators of a pass: a column list generated from the catalogue. With a clock, only its stale cells.
func (p pass) count(clock string) string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		for _, part := range ind.Parts {
			fmt.Fprintf(&columns, ",\n  (%s)::double as %s_%s", part.SQL, ind.Code, part.Name)
		}
	}
	for _, column := range p.columns() {
		fmt.Fprintf(&columns, ",\n  count(%[1]s) as has_%[1]s", column)
	}
	stale, within := "", ""
	if clock != "" {
		stale = fmt.Sprintf("\n  and part.is_stale_month('%s', %s)", clock, p.time)
		within = fmt.Sprintf("\nwhere part.is_stale('%s', c.month, p.community_code)", clock)
	}
	if p.isPlaced() {
		return fmt.Sprintf(`select
  c.month,
  p.grid_code,
  p.community_code,
  p.subdistrict_code,
  c.* exclude (month, place)
from (
  select
    date_trunc('month', %[1]s)::date as month,
    place%[2]s
  from %[3]s
  where %[1]s is not null%[4]s
  group by 1, 2
) as c
left join place_key as p using (place)%[5]s`, p.time, columns.String(), p.source(), stale, within)
	}
	feed := ""
	if p.ofFeeds() {
		feed = "\n  feed,"
	}
	if clock != "" {
		stale = fmt.Sprintf("\n  and part.is_stale('%s', %s, %s)", clock, p.time, p.area())
	}
	return fmt.Sprintf(`select
  date_trunc('month', %[1]s)::date as month,%[5]s
  grid_code,
  community_code,
  subdistrict_code%[2]s
from %[3]s
where %[1]s is not null%[4]s
group by all`, p.time, columns.String(), p.source(), stale, feed)
}

// rollUp adds each pass's parts up over areas, and over the months of each
// period, and brings the indicators' columns under each other.
func (c *computing) rollUp(ctx context.Context) error {
	for _, p := range passes(c.known, false) {
		id := c.id(p.indicators[0])
		if err := c.exec(ctx, p.months(id)); err != nil {
			return fmt.Errorf("months of %s by %s: %w", p.fact, p.time, err)
		}
		if err := c.exec(ctx, p.areas()); err != nil {
			return fmt.Errorf("areas of %s by %s: %w", p.fact, p.time, err)
		}
		if err := c.exec(ctx, p.periods(id)); err != nil {
			return fmt.Errorf("periods of %s by %s: %w", p.fact, p.time, err)
		}
		// one statement for all indicators: planning sixty takes longer than running them
		selects := map[string][]string{}
		for _, ind := range p.indicators {
			table, some := c.long(p, ind)
			selects[table] = append(selects[table], some...)
		}
		for table, some := range selects {
			if err := c.exec(ctx, "insert into "+table+"\n"+strings.Join(some, "\nunion all\n")); err != nil {
				return fmt.Errorf("values of %s by %s: %w", p.fact, p.time, err)
			}
		}
	}
	return c.file("evenness.sql", "balance.sql", "survival.sql")(ctx)
}

// months says for each month of the pass which indicators have data: those
// whose columns are filled somewhere in it and, for what stands in a month, whose feeds cover it.
// Only months of periods that are computed again are looked at; id is one of the pass's indicators.
func (p pass) months(id int) string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		condition := "true"
		for _, column := range ind.Columns {
			condition += fmt.Sprintf(" and sum(p.has_%s) > 0", column)
		}
		if ind.Time == "month" {
			condition += fmt.Sprintf(" and not exists (from uncovered as u where u.indicator = '%s' and u.month = p.month)", ind.Code)
		}
		fmt.Fprintf(&columns, ",\n  %s as ok_%s", condition, ind.Code)
	}
	return fmt.Sprintf(`create or replace temp table pass_month as
with wanted as (
  select distinct p.month
  from touched as t
  join month_period as p using (period_id)
  where t.indicator_id = %[3]d
)
select
  p.month%[1]s
from %[2]s as p
semi join wanted as w using (month)
group by p.month`, columns.String(), p.table(), id)
}

// areas adds the parts up over areas: one row for each area and month.
func (p pass) areas() string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		for _, part := range ind.Parts {
			fmt.Fprintf(&columns, ",\n  sum(p.%[1]s_%[2]s) filter (m.ok_%[1]s) as %[1]s_%[2]s", ind.Code, part.Name)
		}
	}
	return fmt.Sprintf(`create or replace temp table pass_area as
select
  p.month,
  case
    when grouping(p.grid_code) = 0 then 'grid'
    when grouping(p.community_code) = 0 then 'community'
    when grouping(p.subdistrict_code) = 0 then 'subdistrict'
    else 'district'
  end as geo_level,
  coalesce(p.grid_code, p.community_code, p.subdistrict_code, d.district_code) as geo_code%s
from %s as p
join pass_month as m on m.month = p.month
cross join (select max(value) filter (key = 'district_code') as district_code from snapshot_info) as d
group by grouping sets (
  (p.month, d.district_code),
  (p.month, p.subdistrict_code),
  (p.month, p.community_code),
  (p.month, p.grid_code)
)
having coalesce(p.grid_code, p.community_code, p.subdistrict_code, d.district_code) is not null`, columns.String(), p.table())
}

// periods makes months into periods: flows add up, stocks are averaged or
// taken from the last month of the period that the district has, as the header says.
func (p pass) periods(id int) string {
	var columns strings.Builder
	for _, ind := range p.indicators {
		for _, part := range ind.Parts {
			over := ind.NumeratorOver
			if part.Name == "denominator" {
				over = ind.DenominatorOver
			}
			name := ind.Code + "_" + part.Name
			switch over {
			case catalogue.Avg:
				fmt.Fprintf(&columns, ",\n  sum(a.%s) / count(a.%s_denominator) as %s", name, ind.Code, name)
			case catalogue.Last:
				fmt.Fprintf(&columns, ",\n  sum(a.%[1]s) filter (a.month = l.last_month) as %[1]s", name)
			default:
				fmt.Fprintf(&columns, ",\n  sum(a.%[1]s) as %[1]s", name)
			}
		}
	}
	return fmt.Sprintf(`create or replace temp table pass_period as
with last as (
  select
    p.period_id,
    max(m.month) as last_month
  from pass_month as m
  join month_period as p on p.month = m.month
  group by p.period_id
)
select
  k.area_id,
  p.period_id%[1]s
from pass_area as a
join area_key as k on k.geo_level = a.geo_level
  and k.geo_code = a.geo_code
join month_period as p on p.month = a.month
join touched as t on t.period_id = p.period_id
  and t.indicator_id = %[2]d
join last as l on l.period_id = p.period_id
group by k.area_id, p.period_id
order by any_value(k.level_id), p.period_id, k.area_id`, columns.String(), id)
}

// long gives the table in which one indicator's columns stand under those of the others, and the statements that bring them there.
func (c *computing) long(p pass, ind catalogue.Indicator) (table string, selects []string) {
	switch ind.Kind {
	case catalogue.Evenness:
		for _, part := range ind.Parts {
			selects = append(selects, fmt.Sprintf(`select
  %[1]d,
  area_id,
  period_id,
  %[2]s
from pass_period
where %[2]s > 0`, c.id(ind), ind.Code+"_"+part.Name))
		}
		return "evenness_part", selects
	case catalogue.Balance:
		return "balance_part", []string{fmt.Sprintf(`select
  %[1]d,
  p.month,
  p.grid_code,
  p.community_code,
  p.subdistrict_code,
  coalesce(p.%[2]s_numerator, 0),
  p.%[2]s_denominator
from %[3]s as p
join pass_month as m on m.month = p.month
where m.ok_%[2]s
  and p.grid_code is not null
  and p.%[2]s_denominator > 0`, c.id(ind), ind.Code, p.table())}
	}
	squares := "null"
	if ind.Kind == catalogue.Mean {
		squares = ind.Code + "_squares"
	}
	return "part_total", []string{fmt.Sprintf(`select
  %[1]d,
  area_id,
  period_id,
  coalesce(%[2]s_numerator, 0),
  %[2]s_denominator,
  %[3]s
from pass_period
where %[2]s_denominator > 0`, c.id(ind), ind.Code, squares)}
}

// id is an indicator's place in the catalogue.
func (c *computing) id(ind catalogue.Indicator) int {
	return slices.IndexFunc(c.cat, func(other catalogue.Indicator) bool { return other.Code == ind.Code })
}
