-- code: F19
-- name zh: 按期派遣率
-- name en: Dispatched in time
-- family: F
-- dimension: F1
-- direction: up
-- kind: share
-- unit: percent
-- time: to_dispatch_at
-- interval: wilson
-- feeds: cases
-- columns: dispatched_at, accepted_at
-- target: 0.95
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 应派遣案件中在时限内派遣的比例
-- definition en: Share of the cases to be dispatched that were dispatched within the limit
-- numerator zh: 按时派遣数
-- numerator en: cases dispatched within the limit after registration
-- denominator zh: 应派遣数：已派遣的案件，以及立案后超过派遣时限仍未派遣的案件
-- denominator en: dispatched, or registered and past the limit for dispatch
-- date zh: 派遣时间（未派遣的为立案时间）
-- date en: dispatched at (not yet dispatched: registered at)
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 时限按工作日历的工作时间计并扣除暂停时段；没有日历时以周一至周五为工作日
-- caveat en: limits run in working time by the calendar, without paused spans; without a calendar Monday to Friday are working days
select
  count_if(is_valid and not is_on_hold and is_dispatch_due and dispatch_minutes <= dispatch_limit_minutes) as numerator,
  count_if(is_valid and not is_on_hold and is_dispatch_due and accepted_at is not null) as denominator
from case_step
