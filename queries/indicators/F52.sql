-- code: F52
-- name zh: 回访成功率
-- name en: Survey reach
-- family: F
-- dimension: F5
-- direction: up
-- kind: share
-- unit: percent
-- time: surveyed_at
-- interval: wilson
-- feeds: satisfaction
-- target: 0.6
-- rows: residents_participation
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 回访中得到作答的比例
-- definition en: Share of survey contacts that got an answer
-- numerator zh: 得到作答的回访
-- numerator en: contacts that got an answer
-- denominator zh: 全部回访
-- denominator en: all contacts
-- date zh: 回访时间
-- date en: asked at
-- exclusions zh: 无
-- exclusions en: none
-- caveat zh: 过低时满意率可能有偏
-- caveat en: where it is low, satisfaction may be biased
select
  count_if(responded) as numerator,
  count_if(responded is not null) as denominator
from survey_fact
