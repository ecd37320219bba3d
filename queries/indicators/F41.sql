-- code: F41
-- name zh: 最多跑一地
-- name en: One-visit rate
-- family: F
-- dimension: F4
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.9
-- rows: one_stop
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 办结案件中群众跑动不超过一次的比例
-- definition en: Share of closed cases that took the resident one visit at most
-- numerator zh: 跑动次数不超过一次的案件
-- numerator en: cases with at most one visit
-- denominator zh: 跑动次数已知的办结案件
-- denominator en: closed cases whose visits are known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 只有登记了跑动次数的案件
-- caveat en: only cases whose visits were written down
select
  count_if(is_valid and is_closed and visits_needed <= 1) as numerator,
  count_if(is_valid and is_closed and visits_needed is not null) as denominator
from case_fact
