-- one row is: one area of one geo level with the area above it; $1 geo level
select
  geo_code,
  coalesce(parent_code, '')
from area
where geo_level = $1
order by geo_code
