-- 边界 GeoJSON（FeatureCollection）→ boundaries
with feature as (
  select unnest(from_json(features::json, '["json"]')) as f
  from raw
)
select
  f ->> '$.properties.level' as geo_level,
  f ->> '$.properties.code' as geo_code,
  (f -> '$.geometry')::varchar as geometry
from feature
