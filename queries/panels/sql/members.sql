-- one row is: one grid that lies, or once lay, in one area
select 'subdistrict' as geo_level, subdistrict_code as geo_code, grid_code
from grids
where subdistrict_code is not null
union
select 'community', community_code, grid_code
from grids
where community_code is not null
union
select 'grid', grid_code, grid_code
from grids
