-- code: F21
-- name zh: 立案率
-- name en: Registration rate
-- family: F
-- dimension: F2
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- settles: 14
-- feeds: cases
-- columns: accepted_at
-- target: 0.95
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 上报案件中立案的比例
-- definition en: Share of the reported cases that were registered
-- numerator zh: 立案数
-- numerator en: registered cases
-- denominator zh: 上报数
-- denominator en: reported cases
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 重复件
-- exclusions en: duplicates
-- caveat zh: 刚上报的案件尚未立案，未完的时段偏低
-- caveat en: cases reported just now are not registered yet, so a period that is not over is low
select
  count_if(not is_duplicate and accepted_at is not null) as numerator,
  count_if(not is_duplicate) as denominator
from case_fact
