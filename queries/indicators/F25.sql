-- code: F25
-- name zh: 重复诉求率
-- name en: Repeat complaint
-- family: F
-- dimension: F2
-- direction: down
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.05
-- rows: weak_execution
-- source zh: 12345 热线“三率”考核通行做法
-- source en: practice of the 12345 hotlines (the three rates)
-- definition zh: 同一诉求人、同一大类、同一网格 90 日内再次提出的案件比例
-- definition en: Share of cases in which the same reporter raised the same main category in the same grid within 90 days
-- numerator zh: 90 日内同一诉求人、大类、网格已有前一件的案件
-- numerator en: cases with an earlier one by the same reporter, category and grid in the 90 days before
-- denominator zh: 诉求人、大类与网格已知的有效案件
-- denominator en: valid cases whose reporter, category and grid are known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 以加密假名识别诉求人；数据起始后的前 90 日偏低
-- caveat en: reporters are told apart by pseudonym; low in the first 90 days of the data
select
  count_if(is_repeat) as numerator,
  count(*) as denominator
from repeat_fact
