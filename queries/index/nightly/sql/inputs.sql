-- one row is: one indicator in one period of a span, with lists of its areas (positions in areas.sql) and of their values
-- $1 geo level, $2 period kind, $3 first period, $4 last period, $5 the indicators that matter, such as: E11,E12
-- Whether a period is partial counts for any indicator.
with places as (
  select
    geo_code,
    row_number() over (order by geo_code) - 1 as place
  from area
  where geo_level = $1
)
select
  v.period,
  v.indicator,
  list(p.place) as places,
  list(v.value) as value,
  list(v.smoothed) as smoothed,
  list(v.numerator) as numerator,
  list(v.denominator) as denominator,
  list(v.low) as low,
  list(v.high) as high,
  bool_or(coalesce(contains(v.flag, 'partial'), false)) as is_partial
from indicator_value as v
join places as p using (geo_code)
where v.geo_level = $1
  and v.period_kind = $2
  and v.period between $3 and $4
  and (v.indicator in (select unnest(string_split($5, ','))) or contains(v.flag, 'partial'))
group by v.period, v.indicator
