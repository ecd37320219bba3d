-- one row is: one grid below an area with its cases and its workers (worker-months) in one period, by one indicator's parts
-- $1 indicator, $2 period, $3 level of the area above, $4 its code
with recursive below as (
  select geo_level, geo_code, name
  from area
  where geo_level = $3
    and geo_code = $4
  union all
  select a.geo_level, a.geo_code, a.name
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
select
  b.geo_code,
  b.name,
  v.numerator,
  v.denominator
from below as b
join indicator_value as v using (geo_level, geo_code)
where v.indicator = $1
  and v.period = $2
  and v.geo_level = 'grid'
  and v.denominator > 0
  and v.numerator is not null
order by b.geo_code
