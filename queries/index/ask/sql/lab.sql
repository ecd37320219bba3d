-- one row is: one indicator's value of one area, as it entered an index in one period; $1 index, $2 geo level, $3 period
select
  geo_code,
  node,
  raw,
  coalesce(standard_error, 0)
from index_step
where index_code = $1
  and geo_level = $2
  and period = $3
  and raw is not null
order by geo_code
