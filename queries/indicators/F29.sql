-- code: F29
-- name zh: 有效上报率
-- name en: Valid reports
-- family: F
-- dimension: F2
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- settles: 14
-- feeds: cases
-- columns: status
-- target: 0.95
-- rows: capable_carriers
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 上报案件中有效上报的比例：不是重复件、未撤诉、未超范围、未被不予立案
-- definition en: Share of the reported cases that were worth reporting: no duplicate, not withdrawn, within scope and not refused registration
-- numerator zh: 有效上报数
-- numerator en: valid reports
-- denominator zh: 上报数
-- denominator en: reported cases
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 无
-- exclusions en: none
-- caveat zh: 刚上报尚未审核的案件先按有效计，未完的时段偏高；与立案率（F21）同看
-- caveat en: cases reported just now count as valid until they are looked at, so a period that is not over is high; read it with F21
select
  count_if(is_valid) as numerator,
  count_if(case_id is not null) as denominator
from case_fact
