-- code: F11
-- name zh: 响应率
-- name en: Response rate
-- family: F
-- dimension: F1
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- columns: first_response_at
-- target: 0.95
-- rows: weak_execution
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 应响应案件中在时限内首次响应的比例
-- definition en: Share of the cases due to be answered that got a first response within the limit
-- numerator zh: 在响应时限内首次响应的案件
-- numerator en: cases first answered within the limit
-- denominator zh: 应响应案件：已响应，或至数据截止已过响应时限
-- denominator en: cases answered, or past the limit by the end of the data
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 时限按工作日历的工作时间计并扣除暂停时段；没有日历时以周一至周五为工作日
-- caveat en: limits run in working time by the calendar, without paused spans; without a calendar Monday to Friday are working days
select
  count_if(is_valid and not is_on_hold and response_minutes <= response_limit_minutes) as numerator,
  count_if(is_valid and not is_on_hold and is_response_due) as denominator
from case_step
