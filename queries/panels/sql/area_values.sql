-- one row is: one indicator of one area in one period, beside the area above and the target
-- $1 geo level, $2 code, $3 period, $4 level above, $5 code above
with wanted as (
  select
    indicator,
    target
  from targets
  where coalesce(geo_level, $1) = $1
    and coalesce(geo_code, $2) = $2
    and coalesce(period, $3) = $3
  qualify row_number() over (
    partition by indicator
    order by (geo_code is not null)::integer + (geo_level is not null)::integer + (period is not null)::integer desc, target
  ) = 1
)
select
  v.indicator,
  v.numerator,
  v.denominator,
  v.value,
  v.n,
  v.low,
  v.high,
  coalesce(v.flag, ''),
  above.value as above_value,
  w.target
from indicator_value as v
left join indicator_value as above on above.indicator = v.indicator
  and above.geo_level = $4
  and above.geo_code = $5
  and above.period = $3
left join wanted as w on w.indicator = v.indicator
where v.geo_level = $1
  and v.geo_code = $2
  and v.period = $3
order by v.indicator
