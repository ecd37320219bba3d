-- one row is: one indicator of one area in one period, beside the period before, a year before, the area above and the target
-- $1 geo level, $2 code, $3 period, $4 the period before, $5 the same period a year before, $6 level above, $7 code above
with chosen as (
  select *
  from indicator_value
  where (geo_level = $1 and geo_code = $2 and period in ($3, $4, $5))
    or (geo_level = $6 and geo_code = $7 and period = $3)
),
wanted as (
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
  before.value as before_value,
  before.low as before_low,
  before.high as before_high,
  year_before.value as year_value,
  year_before.low as year_low,
  year_before.high as year_high,
  above.value as above_value,
  w.target
from chosen as v
left join chosen as before on before.indicator = v.indicator
  and before.geo_level = v.geo_level
  and before.geo_code = v.geo_code
  and before.period = $4
left join chosen as year_before on year_before.indicator = v.indicator
  and year_before.geo_level = v.geo_level
  and year_before.geo_code = v.geo_code
  and year_before.period = $5
left join chosen as above on above.indicator = v.indicator
  and above.geo_level = $6
  and above.geo_code = $7
  and above.period = $3
left join wanted as w on w.indicator = v.indicator
where v.geo_level = $1
  and v.geo_code = $2
  and v.period = $3
order by v.indicator
