package compute

import (
	"context"
	"fmt"
	"slices"

	"github.com/jiceng/jiceng/queries/catalogue"
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
		statement := "insert into part.duration\n" + cv.count()
		if c.narrow {
			statement = cv.recount()
		}
		if err := c.exec(ctx, statement); err != nil {
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

// again are the rows of part.duration that are counted again: those of stale months, and of cases that are still watched,
// which are older now.
const again = `month in (select month from part.stale_month where clock = 'reported_at')
    or ended = 0
      and month in (select month from part.stale_month where clock = 'watched')`

// count counts one clock's durations: by grid in coarse steps, since a grid has too few cases for fine ones to mean anything and there
// are many grids, and by community in fine ones. A month in which a column that the clock rests on is filled nowhere has no data;
// months that are not stale had data if they had durations.
func (cv curve) count() string {
	where := ""
	for _, column := range cv.columns() {
		where += fmt.Sprintf(`
  and (
    date_trunc('month', %[1]s)::date in (select date_trunc('month', %[1]s)::date from %[2]s where %[3]s is not null)
    or date_trunc('month', %[1]s)::date in (select month from part.duration where curve = '%[4]s')
      and date_trunc('month', %[1]s)::date not in (select month from part.stale_month where clock = 'reported_at')
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
  (month, is_ended, grid_id, coarse),
  (month, is_ended, community_id, subdistrict_id, duration)
)
having grid_id is not null
  or grouping(grid_id) = 1`, cv.time, cv.duration, cv.ended, cv.source(), cv.name(), where, again, place)
}

// recount counts a clock's durations again, and writes down the months that come out otherwise than before.
func (cv curve) recount() string {
	return fmt.Sprintf(`create or replace temp table recount as
%[2]s;
create or replace temp table counted as
from part.duration
where curve = '%[1]s'
  and (
    %[3]s
  );
%[4]s;
delete from part.duration
where curve = '%[1]s'
  and (
    %[3]s
  );
insert into part.duration
from recount`, cv.name(), cv.count(), again, touches(cv.name(), "recount", "counted"))
}
