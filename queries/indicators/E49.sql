-- code: E49
-- name zh: 回退率
-- name en: Sent back
-- family: E
-- dimension: E4
-- direction: down
-- kind: share
-- unit: percent
-- time: dispatched_at
-- interval: wilson
-- feeds: case_events, cases
-- target: 0.1
-- rows: unclear_powers
-- source zh: 热线月度考核通行指标；赋能治理文献：权责不清
-- source en: monthly appraisals of hotlines; literature on empowering governance: unclear powers
-- definition zh: 派遣案件中被退回过的比例
-- definition en: Share of dispatched cases that were sent back at least once
-- numerator zh: 日志中有退回的案件
-- numerator en: cases with a return in their log
-- denominator zh: 有流转日志的派遣案件
-- denominator en: dispatched cases that have a log
-- date zh: 派遣时间
-- date en: dispatched at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 不分原因：补充材料、核查未通过的退回也计入；按原因见 E41、E42，退回两次及以上见 F43
-- caveat en: for whatever reason: missing papers and a failed check count too; see E41 and E42 for reasons, F43 for twice and more
select
  count_if(is_valid and has_log and log_returns > 0) as numerator,
  count_if(is_valid and has_log) as denominator
from case_step
