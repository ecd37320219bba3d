-- one row is: one area of one level below an area, with its value of one indicator in one period, best known estimate first
-- $1 indicator, $2 geo level, $3 period, $4 level of the area above, $5 its code (areas further below belong to it too)
with recursive below as (
  select geo_level, geo_code, name
  from area
  where geo_level = $4
    and geo_code = $5
  union all
  select a.geo_level, a.geo_code, a.name
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
select
  b.geo_code,
  b.name,
  v.value,
  v.low,
  v.high,
  v.n,
  coalesce(v.flag, ''),
  coalesce(v.smoothed, v.value) as estimate
from below as b
left join indicator_value as v on v.indicator = $1
  and v.geo_level = b.geo_level
  and v.geo_code = b.geo_code
  and v.period = $3
where b.geo_level = $2
order by estimate desc nulls last, b.geo_code
