-- one row is: one indicator of one area in one period; $1 indicator, $2 geo level, $3 period
-- $4 and $5 the first and the last of the areas' geo_code_end: where areas lie together, few blocks are read
select
  geo_code,
  value,
  low,
  high,
  n,
  coalesce(flag, ''),
  coalesce(smoothed, value) as estimate
from indicator_value
where indicator = $1
  and geo_level = $2
  and period = $3
  and geo_code_end >= $4
  and geo_code_end <= $5
