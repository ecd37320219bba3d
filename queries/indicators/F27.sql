-- code: F27
-- name zh: 超期结案率
-- name en: Closed late
-- family: F
-- dimension: F2
-- direction: down
-- kind: share
-- unit: percent
-- time: settled_due_at
-- interval: wilson
-- settles: 90
-- feeds: cases
-- target: 0.05
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 应结案件中超期办结的比例
-- definition en: Share of the cases that should be closed which were closed after their due time
-- numerator zh: 超期结案数
-- numerator en: cases closed after their due time
-- denominator zh: 应结案数：应办结时间落在本期，或本期内提前办结的案件
-- denominator en: cases whose due time fell in the period, or that were closed in it ahead of their due time
-- date zh: 应办结时间与办结时间中较早者
-- date en: the earlier of due time and closing
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件；无时限的案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold; cases without a time limit
-- caveat zh: 与按期结案率（F13）相加等于有时限案件的结案率
-- caveat en: adds up with F13 to the closure rate of cases with a limit
select
  count_if(is_valid and not is_on_hold and closed_at > due_at) as numerator,
  count_if(is_valid and not is_on_hold and due_at is not null) as denominator
from case_fact
