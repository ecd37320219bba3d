-- one row is: one indicator of one area in one period, oldest first; $1 geo level, $2 code, $3 kind of period, $4 last period, $5 indicator ('' means all)
select
  indicator,
  period,
  value,
  low,
  high,
  n,
  coalesce(flag, '')
from indicator_value
where geo_level = $1
  and geo_code = $2
  and period_kind = $3
  and period <= $4
  and ($5 = '' or indicator = $5)
order by indicator, period
