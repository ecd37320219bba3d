-- 年度目标 → targets
select
  "指标" as indicator,
  "层级" as geo_level,
  "区域编码" as geo_code,
  "时段" as period,
  "目标值" as target
from raw
