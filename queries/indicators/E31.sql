-- code: E31
-- name zh: 调解成功率
-- name en: Mediation success
-- family: E
-- dimension: E3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.8
-- rows: fengqiao, rule_of_law
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 经调解的矛盾纠纷中达成协议的比例
-- definition en: Share of mediated disputes that ended in an agreement
-- numerator zh: 达成协议或经司法确认的纠纷
-- numerator en: disputes closed by agreement, judicially confirmed or not
-- denominator zh: 达成协议、司法确认与调解未成的纠纷
-- denominator en: disputes closed by agreement or by failed mediation
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件；转出等未经调解的纠纷
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases; disputes that were referred or not mediated
-- caveat zh: 把难以调成的纠纷转出会使其升高，宜与 F33 同看
-- caveat en: referring hard disputes elsewhere raises it: read it with F33
select
  count_if(is_valid and is_mediated and is_agreed) as numerator,
  count_if(is_valid and is_mediated) as denominator
from case_fact
