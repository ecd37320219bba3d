-- code: E46
-- name zh: 上级交办负荷
-- name en: Instructions from above per worker
-- family: E
-- dimension: E4
-- direction: down
-- kind: rate
-- counts: numerator
-- unit: cases
-- time: month
-- interval: none
-- feeds: cases, staff, grids
-- target: 1
-- rows: weak_execution
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 平均每名在岗网格员每月承担的上级交办件
-- definition en: Cases that came from above per grid worker in post and month
-- numerator zh: 来源为上级交办的有效案件
-- numerator en: valid cases whose source is above
-- denominator zh: 在岗网格员（逐月累计，即人月）
-- denominator en: grid workers in post at the ends of the months, summed (worker-months)
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 未定位的交办件只计入全区；季、年为月均水平
-- caveat en: instructions without a grid count for the district only; quarters and years are monthly averages
select
  sum(superior) as numerator,
  sum(workers) as denominator
from grid_month
