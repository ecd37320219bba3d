-- one row is: one indicator's mean and median over the areas of one level in one period
-- $1 geo level, $2 period, $3 indicator ('' means all of them). Fewer than three areas make no average.
select
  indicator,
  geo_level,
  period,
  count(value) as areas,
  avg(value) as mean_value,
  median(value) as median_value
from indicator_value
where geo_level = $1
  and period = $2
  and $3 in ('', indicator)
group by indicator, geo_level, period
having count(value) >= 3
order by indicator
