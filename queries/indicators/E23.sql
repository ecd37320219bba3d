-- code: E23
-- name zh: 专职网格员配备率
-- name en: Full-time workers per 1,000 households
-- family: E
-- dimension: E2
-- direction: up
-- kind: rate
-- unit: per_1000
-- scale: 1000
-- time: month
-- numerator over months: mean
-- denominator over months: mean
-- interval: none
-- feeds: grids, staff, cases
-- target: 2
-- rows: capable_carriers, cadre_force
-- source zh: 赋能治理文献：枫桥经验
-- source en: literature on empowering governance: the Fengqiao experience
-- definition zh: 每千户配备的专职网格员人数
-- definition en: Full-time grid workers per 1,000 households
-- numerator zh: 在岗专职网格员人数
-- numerator en: full-time grid workers in post
-- denominator zh: 户数已知的网格的户数
-- denominator en: households of the grids where they are known
-- date zh: 每月末
-- date en: end of each month
-- exclusions zh: 户数缺失的网格
-- exclusions en: grids whose households are missing
-- caveat zh: 全数统计，故无区间；季、年为各月平均
-- caveat en: a full count, hence no interval; quarters and years average their months
select
  sum(full_time) filter (households is not null) as numerator,
  sum(households) filter (full_time is not null) as denominator
from grid_month
