-- code: F61
-- name zh: 人均办结量
-- name en: Cases closed per worker
-- family: F
-- dimension: F6
-- direction: neutral
-- counterpart: F24
-- kind: rate
-- counts: numerator
-- unit: cases
-- time: month
-- interval: none
-- feeds: cases, staff, grids
-- rows: cadre_force
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 平均每名在岗网格员每月对应的办结案件数
-- definition en: Cases closed per grid worker in post and month
-- numerator zh: 办结的有效案件
-- numerator en: valid cases closed
-- denominator zh: 在岗网格员（逐月累计，即人月）
-- denominator en: grid workers in post at the ends of the months, summed (worker-months)
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 数量不是质量，须与返工率（F24）、满意率（F51）同看；季、年为月均水平
-- caveat en: a count is not quality: read it with F24 and F51; quarters and years are monthly averages
select
  sum(closed) as numerator,
  sum(workers) as denominator
from grid_month
