-- one row is: one area; $1 geo level, $2 code
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
where geo_level = $1
  and geo_code = $2
