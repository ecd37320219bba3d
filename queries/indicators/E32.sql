-- code: E32
-- name zh: 贤人调解成功率
-- name en: Success of local mediators
-- family: E
-- dimension: E3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.85
-- rows: local_mediators
-- source zh: 赋能治理文献：属地贤人（上海）
-- source en: literature on empowering governance: trusted local people (Shanghai)
-- definition zh: 属地贤人调解的矛盾纠纷中达成协议的比例
-- definition en: Share of disputes mediated by local mediators that ended in an agreement
-- numerator zh: 属地贤人促成协议的纠纷
-- numerator en: disputes that a local mediator brought to an agreement
-- denominator zh: 属地贤人调解的纠纷
-- denominator en: disputes that local mediators mediated
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件；转出等未经调解的纠纷
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases; disputes that were referred or not mediated
-- caveat zh: 贤人多接手熟人间的纠纷，与全体（E31）比较时应看纠纷类别
-- caveat en: mediators get disputes between people who know each other: compare with all (E31) within categories
select
  count_if(is_valid and is_mediated and is_agreed and handler_kind = 'mediator') as numerator,
  count_if(is_valid and is_mediated and handler_kind = 'mediator') as denominator
from case_fact
