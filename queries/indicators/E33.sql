-- code: E33
-- name zh: 标准流程符合率
-- name en: Standard procedure followed
-- family: E
-- dimension: E3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: case_events, cases
-- target: 0.85
-- rows: standardisation, rule_of_law
-- source zh: 赋能治理文献：标准化治理；步骤取数字城管的立案、派遣、处置、核查、结案
-- source en: literature on empowering governance: standard procedures; steps of city management: register, dispatch, handle, check, close
-- definition zh: 有日志的办结案件中步骤齐全、次序正确且各步按时的比例
-- definition en: Share of closed cases with a log that took every required step, in order and in time
-- numerator zh: 立案、派遣、处置、核查、结案五步齐全且依次，立案与派遣在时限内、结案不超期的案件
-- numerator en: cases with all five steps in order, registered and dispatched within the limits and closed by the due time
-- denominator zh: 有流转日志的办结案件
-- denominator en: closed cases that have a log
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 时限按工作时间计；次序按各步首次立案、派遣与末次处置、核查、结案判断，重办案件看末次
-- caveat en: limits run in working time; the order is that of the first registration and dispatch and the last handling, check and closing
select
  count_if(is_valid and is_closed and is_standard) as numerator,
  count_if(is_valid and is_closed and has_log) as denominator
from case_step
