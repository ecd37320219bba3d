-- code: F51
-- name zh: 满意率
-- name en: Satisfied
-- family: F
-- dimension: F5
-- direction: up
-- kind: share
-- unit: percent
-- time: surveyed_at
-- interval: wilson
-- feeds: satisfaction
-- target: 0.9
-- rows: residents_participation
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 作答群众中评价为满意及以上的比例
-- definition en: Share of those who answered that were satisfied or very satisfied
-- numerator zh: 评分 4 或 5 的回访
-- numerator en: answers with a score of 4 or 5
-- denominator zh: 有评分的回访
-- denominator en: answers with a score
-- date zh: 回访时间
-- date en: asked at
-- exclusions zh: 未联系上、未作答的回访
-- exclusions en: people not reached or not answering
-- caveat zh: 回访成功率低时不可信，须与 F52 同看
-- caveat en: not to be trusted where reach is low: read it with F52
select
  count_if(responded and score >= 4) as numerator,
  count_if(responded and score is not null) as denominator
from survey_fact
