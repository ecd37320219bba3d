-- code: E42
-- name zh: 准确派遣率
-- name en: Dispatch accuracy
-- family: E
-- dimension: E4
-- direction: up
-- kind: share
-- unit: percent
-- time: to_dispatch_at
-- interval: wilson
-- feeds: cases
-- columns: dispatched_at
-- target: 0.95
-- rows: unclear_powers
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 应派遣案件中一次派准的比例
-- definition en: Share of the cases to be dispatched that went to the right unit the first time
-- numerator zh: 准确派遣数：已派遣且未因派遣错误或无权办理被退回的案件
-- numerator en: dispatched and never returned as wrongly dispatched or for lack of authority
-- denominator zh: 应派遣数：已派遣的案件，以及立案后超过派遣时限仍未派遣的案件
-- denominator en: dispatched, or registered and past the limit for dispatch
-- date zh: 派遣时间（未派遣的为立案时间）
-- date en: dispatched at (not yet dispatched: registered at)
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 有流转日志的看全部退回原因，没有日志的只看末次退回原因
-- caveat en: with a log all reasons are seen, without one only the last
select
  count_if(is_valid and not is_on_hold and is_dispatch_due and dispatched_at is not null and no_authority_returns = 0 and wrong_dispatch_returns = 0) as numerator,
  count_if(is_valid and not is_on_hold and is_dispatch_due and returns_known) as denominator
from case_step
