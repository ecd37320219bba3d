-- code: F43
-- name zh: 推诿率
-- name en: Bounced between departments
-- family: F
-- dimension: F4
-- direction: down
-- kind: share
-- unit: percent
-- time: dispatched_at
-- interval: wilson
-- feeds: case_events, cases
-- target: 0.01
-- rows: unclear_powers
-- source zh: 赋能治理文献：权责不清
-- source en: literature on empowering governance: unclear powers
-- definition zh: 派遣案件中被退回两次及以上的比例
-- definition en: Share of dispatched cases that were returned twice or more
-- numerator zh: 日志中退回不少于两次的案件
-- numerator en: cases with at least two returns in their log
-- denominator zh: 有流转日志的派遣案件
-- denominator en: dispatched cases that have a log
-- date zh: 派遣时间
-- date en: dispatched at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 补充材料等正当退回也计入；退回一次及以上见 E49
-- caveat en: returns for good reason, as for missing papers, count too; see E49 for once and more
select
  count_if(is_valid and has_log and log_returns >= 2) as numerator,
  count_if(is_valid and has_log) as denominator
from case_step
