-- code: F34
-- name zh: 越级上行率
-- name en: By-passing
-- family: F
-- dimension: F3
-- direction: down
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.1
-- rows: fengqiao
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 有效案件中首次即上报到街道以上层级的比例
-- definition en: Share of valid cases first reported at a level above the subdistrict
-- numerator zh: 首报层级为区或市的案件
-- numerator en: cases first reported to the district or the city
-- denominator zh: 首报层级已知的有效案件
-- denominator en: valid cases whose first level is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 市级热线直接派到区的案件也计入
-- caveat en: cases that the city’s hotline passes to the district count too
select
  count_if(is_valid and reported_level in ('district', 'city')) as numerator,
  count_if(is_valid and reported_level is not null) as denominator
from case_fact
