-- code: F53
-- name zh: 满意度均值
-- name en: Mean satisfaction score
-- family: F
-- dimension: F5
-- direction: up
-- kind: mean
-- unit: score
-- time: surveyed_at
-- interval: t
-- range: 1, 5
-- feeds: satisfaction
-- target: 4.2
-- rows: residents_participation
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 作答群众评分（1–5）的平均
-- definition en: Mean of the scores (1 to 5) of those who answered
-- numerator zh: 评分之和
-- numerator en: sum of the scores
-- denominator zh: 有评分的回访
-- denominator en: answers with a score
-- date zh: 回访时间
-- date en: asked at
-- exclusions zh: 未联系上、未作答的回访
-- exclusions en: people not reached or not answering
-- caveat zh: 评分为等级，均值只宜比较趋势
-- caveat en: scores are grades, so the mean is for trends only
select
  sum(score) filter (responded) as numerator,
  count_if(responded and score is not null) as denominator,
  sum(score * score) filter (responded) as squares
from survey_fact
