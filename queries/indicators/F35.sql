-- code: F35
-- name zh: 群众诉求就近解决率
-- name en: Resident-raised, settled near
-- family: F
-- dimension: F3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.7
-- rows: residents_participation, fengqiao
-- source zh: 赋能治理文献：群众自己提、在身边办
-- source en: literature on empowering governance: matters that residents raise, solved where they live
-- definition zh: 群众提出的办结案件中在网格或社区办结的比例
-- definition en: Share of the closed cases raised by residents that were closed in the grid or the community
-- numerator zh: 群众提出、在社区及以下办结的案件
-- numerator en: cases raised by residents and closed at community level or below
-- denominator zh: 群众提出、本期办结且办结层级已知的案件
-- denominator en: cases raised by residents and closed in the period at a known level
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 数据不记由群众自行解决的事项，以办结层级代之；受案件难易构成影响
-- caveat en: the data do not say what residents solved by themselves, so the level of closing stands for it; depends on how hard the cases are
select
  count_if(is_valid and is_closed and source = 'resident' and level_rank <= 2) as numerator,
  count_if(is_valid and is_closed and source = 'resident' and level_rank is not null) as denominator
from case_fact
