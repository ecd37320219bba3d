-- code: E44
-- name zh: 双向考核完成度
-- name en: Two-way appraisals done
-- family: E
-- dimension: E4
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- interval: none
-- feeds: appraisals
-- target: 1
-- rows: two_way_appraisal
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 应评的部门与街道组合中双向均已评分的比例
-- definition en: Share of the pairs of department and subdistrict due that appraised each other
-- numerator zh: 双向均有评分的组合
-- numerator en: pairs with a score in both directions
-- denominator zh: 应评组合：任一方向有应评记录
-- denominator en: pairs with a record in either direction
-- date zh: 考核月份
-- date en: month of the appraisal
-- exclusions zh: 无
-- exclusions en: none
-- caveat zh: 全数统计，故无区间；只到街道一级
-- caveat en: a full count, hence no interval; told down to the subdistrict
select
  count_if(is_mutual) as numerator,
  count(*) as denominator
from appraisal_pair
