-- code: F22
-- name zh: 结案率
-- name en: Closure rate
-- family: F
-- dimension: F2
-- direction: up
-- kind: share
-- unit: percent
-- time: cohort_at
-- interval: wilson
-- settles: 90
-- feeds: cases
-- target: 0.95
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 应结案件中已办结的比例
-- definition en: Share of the cases that should be closed which are closed
-- numerator zh: 结案数：截至数据时点已办结的应结案件
-- numerator en: cases closed by the end of the data
-- denominator zh: 应结案数；无时限的来源为本期上报的有效案件数
-- denominator en: cases that should be closed; where a source has no time limits: valid cases reported in the period
-- date zh: 应办结时间与办结时间中较早者；无时限的为上报时间
-- date en: the earlier of due time and closing; without a limit: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 以数据截止时刻的状态计，往期数值会随补办而上升
-- caveat en: counted as of the end of the data, so past periods rise as late cases are closed
select
  count_if(is_valid and not is_on_hold and is_closed and is_cohort_due) as numerator,
  count_if(is_valid and not is_on_hold and is_cohort_due) as denominator
from case_fact
