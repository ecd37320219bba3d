-- code: E43
-- name zh: 街道内协同办结率
-- name en: Cross-department cases closed inside the subdistrict
-- family: E
-- dimension: E4
-- direction: up
-- kind: share
-- unit: percent
-- time: closed_at
-- interval: wilson
-- feeds: cases
-- target: 0.8
-- rows: embedding
-- source zh: 赋能治理文献：嵌入式改革（青岛）
-- source en: literature on empowering governance: the subdistrict as core of a community of governance (Qingdao)
-- definition zh: 两个及以上部门参与的办结案件中在街道及以下层级办结的比例
-- definition en: Share of closed cases with two or more departments that were closed at or below the subdistrict
-- numerator zh: 在街道及以下办结的跨部门案件
-- numerator en: cross-department cases closed at or below the subdistrict
-- denominator zh: 办结层级已知的跨部门办结案件
-- denominator en: closed cross-department cases whose level is known
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 部门数为来源系统所记
-- caveat en: the number of departments is that of the source system
select
  count_if(is_valid and is_closed and department_count >= 2 and level_rank <= 3) as numerator,
  count_if(is_valid and is_closed and department_count >= 2 and level_rank is not null) as denominator
from case_fact
