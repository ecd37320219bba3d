-- code: E36
-- name zh: 司法确认率
-- name en: Judicially confirmed agreements
-- family: E
-- dimension: E3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.1
-- rows: rule_of_law
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 调解协议中经司法确认的比例
-- definition en: Share of agreements that a court confirmed
-- numerator zh: 经司法确认的协议
-- numerator en: agreements that were judicially confirmed
-- denominator zh: 达成的协议
-- denominator en: all agreements
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 小额、即时履行的协议不必确认，故不以全部为目标
-- caveat en: agreements that are small or kept at once need no confirmation, so not all is the aim
select
  count_if(is_valid and is_mediated and outcome = 'judicially_confirmed') as numerator,
  count_if(is_valid and is_mediated and is_agreed) as denominator
from case_fact
