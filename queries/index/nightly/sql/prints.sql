-- one row is: one indicator at one geo level in one period, with a print of all its values there
-- to single precision: sums taken by several threads differ in their last digits from run to run
-- $1 the levels and kinds of period that count, such as: grid year,grid quarter
with wanted as (
  select
    split_part(word, ' ', 1) as geo_level,
    split_part(word, ' ', 2) as period_kind
  from (select unnest(string_split($1, ',')) as word)
)
select
  geo_level,
  period_kind,
  period,
  indicator,
  bit_xor(hash(geo_code, value::real, smoothed::real, numerator::real, denominator::real, low::real, high::real, flag))::varchar as print
from indicator_value
semi join wanted using (geo_level, period_kind)
group by geo_level, period_kind, period, indicator
order by geo_level, period_kind, period, indicator
