-- one row is: one indicator at one geo level in one period, with a print of all its values there
select
  geo_level,
  period_kind,
  period,
  indicator,
  bit_xor(hash(geo_code, value, smoothed, numerator, denominator, low, high, flag))::varchar as print
from indicator_value
group by geo_level, period_kind, period, indicator
order by geo_level, period_kind, period, indicator
