-- code: E18
-- name zh: 贤人覆盖率
-- name en: Communities with an active local mediator
-- family: E
-- dimension: E1
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- numerator over months: mean
-- denominator over months: mean
-- interval: none
-- feeds: staff, grids, cases
-- target: 1
-- rows: local_mediators
-- source zh: 赋能治理文献：属地贤人（上海）
-- source en: literature on empowering governance: trusted local people (Shanghai)
-- definition zh: 月末有在岗属地贤人的社区比例
-- definition en: Share of communities with a local mediator in post at the end of the month
-- numerator zh: 有一名及以上在岗属地贤人的社区
-- numerator en: communities with at least one mediator in post
-- denominator zh: 社区数
-- denominator en: communities
-- date zh: 每月末
-- date en: end of each month
-- exclusions zh: 无
-- exclusions en: none
-- caveat zh: 全数统计，非抽样，故无区间；季、年为各月平均
-- caveat en: a full count, not a sample, hence no interval; quarters and years average their months
select
  count_if(mediators > 0) as numerator,
  count(mediators) as denominator
from community_month
