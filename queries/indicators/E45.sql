-- code: E45
-- name zh: 双向评分差
-- name en: Appraisal gap
-- family: E
-- dimension: E4
-- direction: neutral
-- counterpart: E44
-- kind: mean
-- unit: points
-- time: month
-- interval: t
-- feeds: appraisals
-- rows: two_way_appraisal
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 同一组合中部门评街道减街道评部门的平均分差
-- definition en: Mean of department-on-subdistrict minus subdistrict-on-department, pair by pair
-- numerator zh: 双向分差之和
-- numerator en: sum of the differences
-- denominator zh: 双向均有评分的组合
-- denominator en: pairs with a score in both directions
-- date zh: 考核月份
-- date en: month of the appraisal
-- exclusions zh: 只有单向评分的组合（见 E44）
-- exclusions en: pairs with a score in one direction only (see E44)
-- caveat zh: 正值为部门给街道打分更高；接近零说明权责评价对等，与完成度（E44）同看
-- caveat en: positive: departments score subdistricts higher; near zero both see each other alike; read it with E44
select
  sum(gap) as numerator,
  count(gap) as denominator,
  sum(gap * gap) as squares
from appraisal_pair
