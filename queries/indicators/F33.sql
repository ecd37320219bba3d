-- code: F33
-- name zh: 矛盾不上交
-- name en: Disputes not passed up
-- family: F
-- dimension: F3
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.9
-- rows: fengqiao
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 办结矛盾纠纷中在街道及以下层级办结的比例
-- definition en: Share of closed disputes that were closed at or below the subdistrict
-- numerator zh: 在街道及以下办结的纠纷
-- numerator en: disputes closed at or below the subdistrict
-- denominator zh: 办结层级已知的办结纠纷
-- denominator en: closed disputes whose level is known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: “不上交”不等于“已化解”，与调解成功率（E31）同看
-- caveat en: not passed up is not yet settled: read it with E31
select
  count_if(is_valid and is_closed and case_kind = 'dispute' and level_rank <= 3) as numerator,
  count_if(is_valid and is_closed and case_kind = 'dispute' and level_rank is not null) as denominator
from case_fact
