-- one row is: one indicator of one area in one period, for a span of periods
-- $1 geo level, $2 period kind, $3 first period, $4 last period
select
  period,
  geo_code,
  indicator,
  value,
  smoothed,
  numerator,
  denominator,
  low,
  high,
  coalesce(contains(flag, 'partial'), false) as is_partial
from indicator_value
where geo_level = $1
  and period_kind = $2
  and period between $3 and $4
order by period, indicator, geo_code
