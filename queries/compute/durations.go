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

// durations fills part.duration: cases by grid, month and duration.
func (c computing) durations(ctx context.Context) error {
	if err := c.exec(ctx, "delete from part.duration"); err != nil {
		return err
	}
	cat, err := c.withData(ctx)
	if err != nil {
		return err
	}
	for _, cv := range curves(cat) {
		name := cv.indicators[0].Code
		if err := c.exec(ctx, cv.count(name)); err != nil {
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

// count counts one clock's durations. A month in which a column that the
// clock rests on is filled nowhere has no data.
func (cv curve) count(name string) string {
	where := ""
	for _, column := range cv.columns() {
		where += fmt.Sprintf(`
  and date_trunc('month', %[1]s)::date in (select date_trunc('month', %[1]s)::date from %[2]s where %[3]s is not null)`, cv.time, cv.source(), column)
	}
	return fmt.Sprintf(`insert into part.duration
with durations as (
  select
    date_trunc('month', %[1]s)::date as month,
    grid_code,
    community_code,
    subdistrict_code,
    duration_bin(%[2]s) as duration,
    %[3]s as ended
  from %[4]s
  where %[1]s is not null%[6]s
)
select
  '%[5]s',
  month,
  grid_code,
  community_code,
  subdistrict_code,
  duration,
  count_if(ended),
  count(*)
from durations
where duration is not null
group by month, grid_code, community_code, subdistrict_code, duration`, cv.time, cv.duration, cv.ended, cv.source(), name, where)
}
