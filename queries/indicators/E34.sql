-- code: E34
-- name zh: 协议履行率
-- name en: Agreements kept for 90 days
-- family: E
-- dimension: E3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.95
-- rows: rule_of_law
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 满 90 日的调解协议中未再次提起的比例
-- definition en: Share of agreements at least 90 days old whose case was not re-opened
-- numerator zh: 未重办的协议
-- numerator en: agreements whose case was not re-opened
-- denominator zh: 办结已满 90 日的协议
-- denominator en: agreements closed at least 90 days before the end of the data
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件；不足 90 日的协议；重办情况未知的案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases; younger agreements; cases whose re-opening is not known
-- caveat zh: 以重办次数判断，重办发生在 90 日之后的也计为未履行；最近三个月尚无数值
-- caveat en: judged by the count of re-openings, so a later one counts too; the last three months have no value yet
select
  count_if(reopened = 0) as numerator,
  count(reopened) as denominator
from agreement_fact
