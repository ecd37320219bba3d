-- code: E26
-- name zh: 负荷均衡度
-- name en: Load balance between grids
-- family: E
-- dimension: E2
-- direction: up
-- kind: balance
-- unit: index
-- time: month
-- interval: none
-- feeds: cases, staff, grids
-- target: 0.75
-- rows: cadre_force
-- source zh: 赋能治理文献；不均等用 Gini 系数
-- source en: literature on empowering governance; inequality by the Gini coefficient
-- definition zh: 1 减去各网格人均案件量的 Gini 系数：1 为人人负荷相同
-- definition en: One minus the Gini coefficient of cases per worker over grids: 1 where everybody carries the same
-- numerator zh: 有效案件
-- numerator en: valid cases
-- denominator zh: 在岗网格员（逐月累计，即人月）
-- denominator en: grid workers in post, summed over the months (worker-months)
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 没有网格员的网格（见 E21）
-- exclusions en: grids without a worker (see E21)
-- caveat zh: 网格一级无数值；每个网格同等计入；案件很少时偶然差异会压低数值，平均每格不足 20 件时标为样本少
-- caveat en: not told for a single grid; each grid counts once; where cases are few, chance lowers it: below 20 a grid it is flagged
select
  sum(reported) filter (workers > 0) as numerator,
  sum(workers) filter (workers > 0) as denominator
from grid_month
