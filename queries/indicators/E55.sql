-- code: E55
-- name zh: 跨部门数据汇聚率
-- name en: Cases with data from several systems
-- family: E
-- dimension: E5
-- direction: up
-- kind: share
-- unit: percent
-- time: reported_at
-- interval: wilson
-- feeds: cases
-- target: 0.5
-- rows: open_sharing
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 有效案件中汇聚两个及以上业务系统数据的比例
-- definition en: Share of valid cases with data from two or more systems
-- numerator zh: 两个及以上系统有数据的案件
-- numerator en: cases that two or more systems hold data about
-- denominator zh: 系统数已知的有效案件
-- denominator en: valid cases whose number of systems is known
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 系统数由来源平台统计
-- caveat en: the number of systems is that of the source platform
select
  count_if(is_valid and system_count >= 2) as numerator,
  count_if(is_valid and system_count is not null) as denominator
from case_fact
