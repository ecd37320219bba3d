-- one row is: one indicator of one area in one period; $1 indicator, $2 geo level, $3 period, $4 area code ('' means all of them)
-- $5 level of an area that they belong to, $6 its code ('' means any)
with recursive below as (
  select geo_level, geo_code
  from area
  where geo_level = $5
    and geo_code = $6
  union all
  select a.geo_level, a.geo_code
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
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
  and ($6 = '' or (v.geo_level, v.geo_code) in (select (geo_level, geo_code) from below))
order by v.indicator, v.period, v.geo_code
