-- 治理做法台账 → interventions
select
  "做法代码" as practice,
  "做法名称" as practice_name,
  "英文名" as practice_name_en,
  "预期指标" as outcome,
  "层级" as geo_level,
  "区域编码" as geo_code,
  "开始日期" as started_on,
  "结束日期" as ended_on
from raw
