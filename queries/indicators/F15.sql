-- code: F15
-- name zh: 办结时长P90
-- name en: 90th percentile of the time to close
-- family: F
-- dimension: F1
-- direction: down
-- kind: survival
-- unit: days
-- scale: 0.041666666666666664
-- quantile: 0.9
-- time: reported_at
-- interval: kaplan_meier
-- feeds: cases
-- target: 15
-- rows: weak_execution
-- source zh: 生存分析（Kaplan 与 Meier，1958）
-- source en: survival analysis (Kaplan and Meier, 1958)
-- definition zh: 从上报到办结的第 90 百分位天数，未结案件按删失处理
-- definition en: 90th percentile of days from report to closure, open cases counted as censored
-- numerator zh: 从上报到办结（未结的到数据截止时刻）的时长
-- numerator en: time from report to closure (open: to the end of the data)
-- denominator zh: 本期上报的全部有效案件
-- denominator en: all valid cases reported in the period
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 自然时间而非工作时间；十日以内按整小时计，更长的按整日计；单个网格按不超过 12% 的宽度分组；最多跟踪一年，更久的按未结计
-- caveat en: time on the wall clock, not working time; counted in whole hours up to ten days, beyond in whole days; for a single grid in steps of up to 12 %; a case is followed for a year at most, and counts as open beyond
select
  case when is_valid then greatest(elapsed_hours, 0) end as duration,
  is_closed as ended
from case_fact
