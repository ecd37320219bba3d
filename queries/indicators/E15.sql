-- code: E15
-- name zh: 社会组织承接率
-- name en: Closed by social organisations
-- family: E
-- dimension: E1
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.05
-- rows: social_work, social_organisations
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 办结案件中由社会工作者或社会组织办理的比例
-- definition en: Share of closed cases that social workers or social organisations handled
-- numerator zh: 社会组织办结的案件
-- numerator en: cases closed by social workers or organisations
-- denominator zh: 办理主体已知的办结案件
-- denominator en: closed cases whose handler is known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 只看末次办理主体；联合办理另计
-- caveat en: tells the last handler only; joint handling counts apart
select
  count_if(is_valid and is_closed and handler_kind = 'social_organisation') as numerator,
  count_if(is_valid and is_closed and handler_kind is not null) as denominator
from case_fact
