-- code: E48
-- name zh: 联合办理率
-- name en: Jointly handled
-- family: E
-- dimension: E4
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.05
-- rows: embedding, joint_force
-- source zh: 赋能治理文献：嵌入式改革（青岛）
-- source en: literature on empowering governance: the subdistrict as core of a community of governance (Qingdao)
-- definition zh: 办结案件中由多方联合办理的比例
-- definition en: Share of closed cases that several actors handled jointly
-- numerator zh: 联合办理的办结案件
-- numerator en: closed cases handled jointly
-- denominator zh: 办理主体已知的办结案件
-- denominator en: closed cases whose handler is known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 简单案件不需联合，宜在跨部门案件中看（E43）
-- caveat en: simple cases need none: look at it among cross-department cases (E43)
select
  count_if(is_valid and is_closed and handler_kind = 'joint') as numerator,
  count_if(is_valid and is_closed and handler_kind is not null) as denominator
from case_fact
