-- code: F54
-- name zh: 不满意件整改率
-- name en: Repaired dissatisfaction
-- family: F
-- dimension: F5
-- direction: up
-- kind: share
-- unit: percent
-- time: asked_again_at
-- interval: wilson
-- feeds: satisfaction, cases
-- target: 0.6
-- rows: residents_participation, weak_execution
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 曾不满意并经再次回访的案件中转为满意的比例
-- definition en: Share of the dissatisfied cases asked again that were satisfied in the end
-- numerator zh: 末次回访评分 4 或 5 的案件
-- numerator en: cases whose last answer has a score of 4 or 5
-- denominator zh: 评分 1 或 2 之后又得到回访作答的案件
-- denominator en: cases with an answer after a score of 1 or 2
-- date zh: 末次回访时间
-- date en: time of the last answer
-- exclusions zh: 未再次回访的不满意件
-- exclusions en: dissatisfied cases that were not asked again
-- caveat zh: 再次回访以重新办理为前提，挑选回访对象会使其升高
-- caveat en: a second survey presupposes that the case was handled again; choosing whom to ask raises it
select
  count_if(last_score >= 4) as numerator,
  count(*) as denominator
from survey_repair
