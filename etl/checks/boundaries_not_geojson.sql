-- code: boundaries_not_geojson
-- feed: boundaries
-- severity: reject
-- column: geometry
-- zh: 边界不是 GeoJSON 多边形
-- en: the geometry is no GeoJSON polygon
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  left(geometry, 60) as value
from stage_boundaries
where coalesce(try_cast(geometry as json) ->> '$.type', '') not in ('Polygon', 'MultiPolygon')
