-- one row is: one indicator of one area in one period up to the last; $1 geo level, $2 code, $3 kind of period, $4 last period
-- February is read with January, since the two are compared together where the Spring Festival moved.
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
  and period_kind = $3
  and (period <= $4 or ($3 = 'month' and $4 = left($4, 4) || '-01' and period = left($4, 4) || '-02'))
