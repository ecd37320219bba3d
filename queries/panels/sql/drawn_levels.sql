-- one row is: one geo level whose areas have polygons
select distinct
  geo_level
from boundaries
