-- code: F17
-- name zh: 存量清零周数
-- name en: Weeks of backlog
-- family: F
-- dimension: F1
-- direction: down
-- kind: rate
-- counts: numerator
-- unit: weeks
-- time: month
-- numerator over months: last
-- denominator over months: mean
-- interval: none
-- feeds: cases, grids
-- target: 2
-- rows: weak_execution
-- source zh: 排队论的通行用法：存量与处理速度之比
-- source en: common use of queueing: the stock over the speed of work
-- definition zh: 按本期办结速度清完期末未结案件所需的周数
-- definition en: Weeks that the cases open at the end would take at the period’s speed of closing
-- numerator zh: 期末未结案件
-- numerator en: cases open at the end of the period
-- denominator zh: 平均每周办结数（各月平均）
-- denominator en: mean closures per week (average of the months)
-- date zh: 期末（未完的时段为数据截止时刻）
-- date en: end of the period (not over yet: the end of the data)
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 数据起始之前上报的案件不在库中，最初几期偏低
-- caveat en: cases reported before the data begin are not in them, so the first periods are low
select
  sum(open) as numerator,
  sum(weekly_closed) as denominator
from grid_month
