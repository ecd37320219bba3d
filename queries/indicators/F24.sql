-- code: F24
-- name zh: 返工率（重办率）
-- name en: Rework rate
-- family: F
-- dimension: F2
-- direction: down
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.05
-- rows: weak_execution
-- source zh: 城市管理与 12345 热线通行口径
-- source en: city-management and hotline practice
-- definition zh: 办结案件中被重办或核查退回的比例
-- definition en: Share of closed cases that were re-opened or sent back at the check
-- numerator zh: 重办次数不少于一次，或因核查不通过被退回的案件
-- numerator en: cases re-opened at least once, or returned because the check failed
-- denominator zh: 本期办结且重办情况已知的案件
-- denominator en: cases closed in the period whose re-opening is known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 最近办结的案件尚未到重办期，数值偏低
-- caveat en: cases closed lately have had less time to be re-opened
select
  count_if(is_valid and is_closed and reopened is not null and (reopened > 0 or coalesce(return_reason, '') = 'failed_check')) as numerator,
  count_if(is_valid and is_closed and reopened is not null) as denominator
from case_fact
