-- one row is: one indicator at one geo level in one period, with a print of all its values there
-- to single precision: sums taken by several threads differ in their last digits from run to run
select
  geo_level,
  period_kind,
  period,
  indicator,
  bit_xor(hash(geo_code, value::real, smoothed::real, numerator::real, denominator::real, low::real, high::real, flag))::varchar as print
from indicator_value
group by geo_level, period_kind, period, indicator
order by geo_level, period_kind, period, indicator
