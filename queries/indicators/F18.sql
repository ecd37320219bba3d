-- code: F18
-- name zh: 按时立案率
-- name en: Registered in time
-- family: F
-- dimension: F1
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.95
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 立案案件中在时限内立案的比例
-- definition en: Share of the registered cases that were registered within the limit
-- numerator zh: 按时立案数
-- numerator en: cases registered within the limit
-- denominator zh: 立案数
-- denominator en: registered cases
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 时限按工作日历的工作时间计并扣除暂停时段；没有日历时以周一至周五为工作日
-- caveat en: limits run in working time by the calendar, without paused spans; without a calendar Monday to Friday are working days
select
  count_if(is_valid and accept_minutes <= accept_limit_minutes) as numerator,
  count_if(is_valid and accepted_at is not null) as denominator
from case_step
