-- code: E21
-- name zh: 网格覆盖率
-- name en: People inside a staffed grid
-- family: E
-- dimension: E2
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- numerator over months: mean
-- denominator over months: mean
-- interval: none
-- feeds: grids, staff, cases
-- target: 1
-- rows: seamless_coverage
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 生活在配有专职网格员的网格内的人口比例
-- definition en: Share of the population living in a grid with at least one full-time worker
-- numerator zh: 有专职网格员的网格的人口
-- numerator en: population of grids with a full-time worker
-- denominator zh: 人口已知的网格的人口
-- denominator en: population of all grids where it is known
-- date zh: 每月末
-- date en: end of each month
-- exclusions zh: 人口缺失的网格
-- exclusions en: grids whose population is missing
-- caveat zh: 全数统计，非抽样，故无区间；季、年为各月平均
-- caveat en: a full count, not a sample, hence no interval; quarters and years average their months
select
  sum(population) filter (full_time > 0) as numerator,
  sum(population) filter (full_time is not null) as denominator
from grid_month
