-- code: F12
-- name zh: 首响时长
-- name en: Median time to first response
-- family: F
-- dimension: F1
-- direction: down
-- kind: survival
-- unit: hours
-- scale: 0.1
-- quantile: 0.5
-- time: reported_at
-- interval: kaplan_meier
-- feeds: cases
-- columns: first_response_at
-- target: 4
-- rows: weak_execution
-- source zh: 生存分析（Kaplan 与 Meier，1958）
-- source en: survival analysis (Kaplan and Meier, 1958)
-- definition zh: 从上报到首次响应的中位工作小时，未响应案件按删失处理
-- definition en: Median working hours from report to first response, unanswered cases counted as censored
-- numerator zh: 从上报到首次响应（未响应的到数据截止时刻）的工作时间
-- numerator en: working time from report to first response (unanswered: to the end of the data)
-- denominator zh: 本期上报的全部有效案件
-- denominator en: all valid cases reported in the period
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件，挂账案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases, cases on hold
-- caveat zh: 24 小时以内按 0.1 小时计，更长的按 2.4 小时计；单个网格分组更粗；时限按工作日历的工作时间计并扣除暂停时段；没有日历时以周一至周五为工作日；最多跟踪 876 个工作小时，更久的按未响应计
-- caveat en: counted in tenths of an hour up to 24 hours, beyond in steps of 2.4; coarser for a single grid; limits run in working time by the calendar, without paused spans; without a calendar Monday to Friday are working days; followed for 876 working hours at most, and no response beyond
select
  case when is_valid and not is_on_hold then greatest(response_clock_minutes // 6, 0) end as duration,
  first_response_at is not null as ended
from case_step
