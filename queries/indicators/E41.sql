-- code: E41
-- name zh: 无权办理退回率
-- name en: Returned for lack of authority
-- family: E
-- dimension: E4
-- direction: down
-- kind: share
-- unit: percent
-- time: dispatched_at
-- interval: wilson
-- feeds: cases
-- target: 0.02
-- rows: weak_execution, unclear_powers
-- source zh: 赋能治理文献：想管管不了
-- source en: literature on empowering governance: wants to manage, has no power
-- definition zh: 派遣案件中因无权办理被退回的比例
-- definition en: Share of dispatched cases that came back for lack of authority
-- numerator zh: 因无权办理被退回过的案件
-- numerator en: cases returned for lack of authority at least once
-- denominator zh: 退回情况已知的派遣案件
-- denominator en: dispatched cases whose returns are known
-- date zh: 派遣时间
-- date en: dispatched at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 有流转日志的看全部退回原因，没有日志的只看末次退回原因
-- caveat en: with a log all reasons are seen, without one only the last
select
  count_if(is_valid and no_authority_returns > 0) as numerator,
  count_if(is_valid and no_authority_returns is not null) as denominator
from case_step
