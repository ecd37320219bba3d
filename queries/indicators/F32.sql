-- code: F32
-- name zh: 大事不出社区
-- name en: Closed in the community
-- family: F
-- dimension: F3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.7
-- rows: fengqiao
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 办结案件中在社区及以下层级办结的比例
-- definition en: Share of closed cases that were closed at community level or below
-- numerator zh: 在社区及以下层级办结的案件
-- numerator en: cases closed at community level or below
-- denominator zh: 本期办结且办结层级已知的案件
-- denominator en: cases closed in the period at a known level
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 受案件难易构成影响，比较时应看分类
-- caveat en: depends on how hard the cases are: compare within categories
select
  count_if(is_valid and is_closed and level_rank <= 2) as numerator,
  count_if(is_valid and is_closed and level_rank is not null) as denominator
from case_fact
