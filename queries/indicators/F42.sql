-- code: F42
-- name zh: 平均流转次数
-- name en: Hand-offs per case
-- family: F
-- dimension: F4
-- direction: down
-- kind: rate
-- unit: times
-- time: closed_at
-- interval: poisson
-- feeds: cases
-- target: 1.5
-- rows: unclear_powers, one_stop
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 每件办结案件在单位之间流转的平均次数
-- definition en: Mean number of hand-offs between units per closed case
-- numerator zh: 办结案件的流转次数之和
-- numerator en: hand-offs of the closed cases
-- denominator zh: 本期办结且流转次数已知的案件
-- denominator en: cases closed in the period whose hand-offs are known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 跨部门案件本应流转，宜与协同办结率同看
-- caveat en: joint cases need hand-offs: read it with cases closed jointly
select
  sum(handoffs) filter (is_valid and is_closed) as numerator,
  count_if(is_valid and is_closed and handoffs is not null) as denominator
from case_fact
