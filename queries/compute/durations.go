package compute

import (
	"context"
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// curve is the indicators that read the same clock at different quantiles.
type curve struct {
	pass
	duration, ended string
}

func curves(cat catalogue.Catalogue) []curve {
	var all []curve
	for _, p := range passes(cat, true) {
		for _, ind := range p.indicators {
			duration, ended := ind.Part("duration"), ind.Part("ended")
			i := slices.IndexFunc(all, func(c curve) bool {
				return c.fact == p.fact && c.time == p.time && c.duration == duration && c.ended == ended
			})
			if i < 0 {
				all = append(all, curve{pass{fact: p.fact, time: p.time}, duration, ended})
				i = len(all) - 1
			}
			all[i].indicators = append(all[i].indicators, ind)
		}
	}
	return all
}

// name is the code of the first indicator that reads the curve.
func (cv curve) name() string { return cv.indicators[0].Code }

// durations fills part.duration: cases by month, area and duration.
func (c *computing) durations(ctx context.Context) error {
	if !c.narrow {
		if err := c.exec(ctx, "delete from part.duration"); err != nil {
			return err
		}
	}
	for _, cv := range curves(c.known) {
		name := cv.name()
		count := func() error { return c.exec(ctx, "insert into part.duration\n"+cv.count()) }
		if c.narrow {
			count = func() error {
				if err := c.exec(ctx, cv.recount()); err != nil {
					return err
				}
				return snapshot.Replace(ctx, c.conn, "part.duration", cv.stale(), "from recount")
			}
		}
		if err := count(); err != nil {
			return fmt.Errorf("indicator %s: %w", name, err)
		}
		for _, ind := range cv.indicators {
			if err := c.exec(ctx, "insert into indicator_curve values (?, ?, ?)", c.id(ind), name, ind.Quantile); err != nil {
				return fmt.Errorf("indicator %s: %w", ind.Code, err)
			}
		}
	}
	return c.forget(ctx)
}

// again are the rows of part.duration that are counted again: those of stale cells, and of cases that are still watched,
// which are older now.
const again = `is_stale_place('reported_at', month, community_id)
    or ended = 0
      and is_stale_place('watched', month, community_id)`

// spread makes months stale as a whole that may get their first data for a curve, or lose their last, since then they count
// for all communities otherwise. That some case ended in a community that is not stale shows that they keep them: what ended has the
// columns filled that the clock rests on.
func (c *computing) spread(ctx context.Context, cv curve) error {
	if len(cv.columns()) == 0 {
		return nil
	}
	return c.exec(ctx, `
insert into part.stale_cell
with stale as (
  select s.month, a.area_id as community_id
  from part.stale_cell as s
  left join area_key as a on a.geo_level = 'community'
    and a.geo_code = s.area_code
  where s.clock = 'reported_at'
),
sure as (
  select distinct d.month
  from part.duration as d
  anti join stale as s on s.month = d.month
    and s.community_id is not distinct from d.community_id
  where d.curve = ?
    and d.ended > 0
)
select 'reported_at', m.month, g.area_code
from (select distinct month from stale) as m
anti join sure using (month)
cross join (select distinct coalesce(community_code, '') as area_code from grids union select '') as g`, cv.name())
}

// count counts one clock's durations: by grid in coarse steps, since a grid has too few cases for fine ones to mean anything and there
// are many grids, and by community in fine ones. A month in which a column that the clock rests on is filled nowhere has no data;
// where something is counted that is not stale, it has.
func (cv curve) count() string {
	where := ""
	for _, column := range cv.columns() {
		where += fmt.Sprintf(`
  and (
    date_trunc('month', %[1]s)::date in (select date_trunc('month', %[1]s)::date from %[2]s where %[3]s is not null)
    or date_trunc('month', %[1]s)::date in (select month from part.duration where curve = '%[4]s' and not is_stale_place('reported_at', month, community_id))
  )`, cv.time, cv.source(), column, cv.name())
	}
	place := samePlace
	if cv.isPlaced() {
		place = "p.place = f.place"
	}
	return fmt.Sprintf(`with durations as (
  select
    date_trunc('month', %[1]s)::date as month,
    p.grid_id,
    p.community_id,
    p.subdistrict_id,
    duration_bin(%[2]s) as duration,
    %[3]s and %[2]s <= longest_watch() as is_ended
  from %[4]s as f
  left join place_key as p on %[8]s
  where %[1]s is not null%[6]s
),
timed as (
  select
    *,
    coarse_bin(duration) as coarse,
    is_ended::integer as ended
  from durations
  where duration is not null
    and (
    %[7]s
    )
)
select
  '%[5]s' as curve,
  month,
  grid_id,
  community_id,
  subdistrict_id,
  coalesce(duration, coarse) as duration,
  sum(ended)::bigint as ended,
  count(*) as cases
from timed
group by grouping sets (
  (month, is_ended, community_id, subdistrict_id, grid_id, coarse),
  (month, is_ended, community_id, subdistrict_id, duration)
)
having grid_id is not null
  or grouping(grid_id) = 1`, cv.time, cv.duration, cv.ended, cv.source(), cv.name(), where, again, place)
}

// stale chooses the rows of part.duration that are counted again.
func (cv curve) stale() string {
	return fmt.Sprintf(`curve = '%s'
  and month >= %s
  and (
    %s
  )`, cv.name(), snapshot.StaleSince("reported_at", "watched"), again)
}

// recount counts a clock's durations again, in recount, and writes down the areas and months that come out otherwise than before.
func (cv curve) recount() string {
	return fmt.Sprintf(`create or replace temp table recount as
%[2]s;
create or replace temp table counted as
from part.duration
where %[3]s;
insert into touched_area
with differing as (
  select
    month,
    grid_id,
    case when grid_id is null then community_id end as community_id,
    case when grid_id is null then subdistrict_id end as subdistrict_id,
    duration,
    sum(cases) as cases,
    sum(ended) as ended
  from (
    select * replace (ended::integer as ended, cases::integer as cases)
    from recount
    union all
    select * replace (-ended::integer as ended, -cases::integer as cases)
    from counted
  )
  group by all
  having sum(cases) <> 0
    or sum(ended) <> 0
),
placed as (
  select
    month,
    grid_id,
    community_id,
    subdistrict_id,
    case when sum(cases) = 0 and sum(ended) = 0 then min(duration) else 0 end as duration
  from differing
  group by all
),
spread as (
  select
    month,
    unnest(case
      when grid_id is not null then [grid_id]
      else [community_id, subdistrict_id, (select area_id from area_key where geo_level = 'district')]
    end) as area_id,
    duration
  from placed
)
select
  '%[1]s',
  month,
  area_id,
  min(duration)
from spread
group by month, area_id`, cv.name(), cv.count(), cv.stale())
}
