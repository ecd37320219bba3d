-- one row is: one indicator of one area in one period; $1 indicator, $2 geo level, $3 period, $4 area code ('' means all of them)
select
  v.indicator,
  v.geo_level,
  v.geo_code,
  coalesce(a.name, v.geo_code),
  v.period,
  v.numerator,
  v.denominator,
  v.value,
  v.n,
  v.low,
  v.high,
  coalesce(v.flag, '')
from indicator_value as v
left join area as a using (geo_level, geo_code)
where ($1 = '' or v.indicator = $1)
  and v.geo_level = $2
  and ($3 = '' or v.period = $3)
  and ($4 = '' or v.geo_code = $4)
order by v.indicator, v.period, v.geo_code
