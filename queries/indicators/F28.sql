-- code: F28
-- name zh: 未结案率
-- name en: Not closed
-- family: F
-- dimension: F2
-- direction: down
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- settles: 90
-- feeds: cases
-- target: 0.05
-- rows: weak_execution
-- source zh: 数字城管评价通行口径（CJ/T 292、GB/T 30428.4 一类评价标准的常用算法）
-- source en: city-management practice (the family of evaluation standards CJ/T 292 and GB/T 30428.4)
-- definition zh: 上报案件中至数据截止仍未结案的比例
-- definition en: Share of the reported cases that are open at the end of the data
-- numerator zh: 未结案数
-- numerator en: open cases
-- denominator zh: 上报数
-- denominator en: reported cases
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 近期上报的案件尚在办理，数值偏高
-- caveat en: cases reported lately are still in work, so it is high for them
select
  count_if(is_valid and not is_on_hold and not is_closed) as numerator,
  count_if(is_valid and not is_on_hold) as denominator
from case_fact
