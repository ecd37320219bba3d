-- code: E13
-- name zh: 居民自报率
-- name en: Resident-raised share
-- family: E
-- dimension: E1
-- direction: neutral
-- counterpart: E14
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- rows: residents_participation
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 有效案件中由群众提出的比例
-- definition en: Share of valid cases that residents raised
-- numerator zh: 群众提出的案件
-- numerator en: cases raised by residents
-- denominator zh: 来源已知的有效案件
-- denominator en: valid cases whose source is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 高低均非好坏：参与多与巡查弱都会使其升高，须与主动发现率（E14）同看
-- caveat en: neither high nor low is good by itself: participation and weak patrols both raise it; read it with E14
select
  count_if(is_valid and source = 'resident') as numerator,
  count_if(is_valid and source is not null) as denominator
from case_fact
