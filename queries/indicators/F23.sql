-- code: F23
-- name zh: 解决率
-- name en: Resolution rate as residents say
-- family: F
-- dimension: F2
-- direction: up
-- kind: share
-- unit: percent
-- time: surveyed_at
-- interval: wilson
-- feeds: satisfaction
-- target: 0.85
-- rows: weak_execution, residents_participation
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 作答群众中认为问题已解决的比例
-- definition en: Share of those who answered that said their matter was resolved
-- numerator zh: 认为已解决的回访
-- numerator en: answers that say resolved
-- denominator zh: 对是否解决作答的回访
-- denominator en: answers that say whether it was resolved
-- date zh: 回访时间
-- date en: asked at
-- exclusions zh: 未联系上、未作答的回访
-- exclusions en: people not reached or not answering
-- caveat zh: 回访成功率低时不可信，须与 F52 同看
-- caveat en: not to be trusted where reach is low: read it with F52
select
  count_if(responded and resolved) as numerator,
  count_if(responded and resolved is not null) as denominator
from survey_fact
