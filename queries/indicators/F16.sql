-- code: F16
-- name zh: 超期未结
-- name en: Overdue backlog per 1,000 residents
-- family: F
-- dimension: F1
-- direction: down
-- kind: rate
-- counts: numerator
-- unit: per_1000
-- scale: 1000
-- time: month
-- numerator over months: last
-- denominator over months: last
-- interval: none
-- feeds: cases, grids
-- columns: limited
-- target: 0.5
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 期末超过应办结时间仍未结的案件，按每千名常住人口计
-- definition en: Cases open past their due time at the end of the period, per 1,000 residents
-- numerator zh: 期末超期未结的案件
-- numerator en: cases open and past due at the end of the period
-- denominator zh: 期末常住人口
-- denominator en: residents at the end of the period
-- date zh: 期末（未完的时段为数据截止时刻）
-- date en: end of the period (not over yet: the end of the data)
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件；无时限的案件；人口缺失的网格
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold; cases without a time limit; grids whose population is missing
-- caveat zh: 数据起始之前上报的案件不在库中，最初几期偏低；存量为全数，故无区间
-- caveat en: cases reported before the data begin are not in them, so the first periods are low; a stock is a full count, hence no interval
select
  sum(overdue) as numerator,
  sum(population) as denominator
from grid_month
