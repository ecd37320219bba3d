-- code: E51
-- name zh: 线上受理率
-- name en: Digital share
-- family: E
-- dimension: E5
-- direction: neutral
-- counterpart: E52
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- rows: informatisation
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 有效案件中经手机应用、小程序、网站受理的比例
-- definition en: Share of valid cases that came by app, mini-program or web
-- numerator zh: 经应用、小程序、网站上报的案件
-- numerator en: cases by app, mini-program or web
-- denominator zh: 渠道已知的有效案件
-- denominator en: valid cases whose channel is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 线上多而走访少即以屏代脚，须与入户走访率（E52）同看
-- caveat en: much online with few visits is screens in place of feet: read it with E52
select
  count_if(is_valid and channel in ('app', 'mini_program', 'web')) as numerator,
  count_if(is_valid and channel is not null) as denominator
from case_fact
