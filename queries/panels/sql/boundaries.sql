-- one row is: the polygon of one area below another; $1 geo level, $2 level of the area above, $3 its code
with recursive below as (
  select geo_level, geo_code, name
  from area
  where geo_level = $2
    and geo_code = $3
  union all
  select a.geo_level, a.geo_code, a.name
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
select
  b.geo_code,
  b.name,
  p.geometry
from below as b
join boundaries as p using (geo_level, geo_code)
where b.geo_level = $1
order by b.geo_code
