-- one row is: one indicator of one area in one period of a kind; $1 geo level, $2 code, $3 kind of period
select
  indicator,
  period,
  numerator,
  denominator,
  value,
  n,
  low,
  high,
  coalesce(flag, '')
from indicator_value
where geo_level = $1
  and geo_code = $2
  and geo_code_end = right($2, 8)
  and period_kind = $3
order by indicator, period
