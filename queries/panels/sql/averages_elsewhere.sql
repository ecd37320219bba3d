-- one row is: the same as in averages.sql, over the areas that a reader who is confined to a subdistrict does not see
-- $1 geo level, $2 period, $3 indicator ('' means all of them)
select
  indicator,
  geo_level,
  period,
  areas,
  mean_value,
  median_value
from peer_average
where geo_level = $1
  and period = $2
  and $3 in ('', indicator)
order by indicator
