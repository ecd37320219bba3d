-- 网格底册 → grids
select
  "网格编码" as grid_code,
  "网格名称" as grid_name,
  "社区编码" as community_code,
  "社区名称" as community_name,
  "街道编码" as subdistrict_code,
  "街道名称" as subdistrict_name,
  "区编码" as district_code,
  "区名称" as district_name,
  "常住人口" as population,
  "户数" as households,
  "面积(平方公里)" as area_km2,
  "网格类型" as kind,
  "生效日期" as valid_from,
  "失效日期" as valid_to
from raw
