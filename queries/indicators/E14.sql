-- code: E14
-- name zh: 主动发现率
-- name en: Found before complaint
-- family: E
-- dimension: E1
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.5
-- rows: capable_carriers
-- source zh: 城市管理行业通行口径；其反面在立案数上即监督举报率（F26）
-- source en: city-management practice; its counterpart over registered cases is the 监督举报率 (F26)
-- definition zh: 有效案件中由网格巡查先行发现的比例
-- definition en: Share of valid cases found by the grid patrol before anybody complained
-- numerator zh: 网格巡查发现的案件
-- numerator en: cases found by grid patrol
-- denominator zh: 来源已知的有效案件
-- denominator en: valid cases whose source is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 巡查任务指标过高会催生凑数上报，宜与立案率（F21）同看
-- caveat en: quotas for patrols invite padding: read it with F21
select
  count_if(is_valid and source = 'patrol') as numerator,
  count_if(is_valid and source is not null) as denominator
from case_fact
