-- code: F26
-- name zh: 监督举报率
-- name en: Verified public reports
-- family: F
-- dimension: F2
-- direction: down
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.5
-- rows: capable_carriers
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 立案案件中由公众举报并经核实的比例
-- definition en: Share of the registered cases that the public reported and that proved true
-- numerator zh: 监督举报核实数：群众提出且已立案的案件
-- numerator en: registered cases that residents or the media raised
-- denominator zh: 立案数
-- denominator en: registered cases whose source is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 与主动发现率（E14）互为反面
-- caveat en: the other side of E14
select
  count_if(is_valid and accepted_at is not null and source in ('resident', 'media')) as numerator,
  count_if(is_valid and accepted_at is not null and source is not null) as denominator
from case_fact
