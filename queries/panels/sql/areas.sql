-- one row is: one area; $1 geo level ('' means all of them)
select
  geo_level,
  geo_code,
  name,
  coalesce(parent_level, ''),
  coalesce(parent_code, ''),
  population,
  households,
  area_km2,
  grids
from area
where $1 in ('', geo_level)
order by geo_level, geo_code
