-- code: E25
-- name zh: 队伍流失率
-- name en: Turnover of grid workers
-- family: E
-- dimension: E2
-- direction: down
-- kind: rate
-- unit: percent
-- time: month
-- numerator over months: last
-- denominator over months: last
-- interval: none
-- feeds: staff, grids, cases
-- target: 0.1
-- rows: capable_carriers, cadre_force
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 近 12 个月离岗的网格员与同期平均在岗网格员之比
-- definition en: Grid workers who left in 12 months, over the mean number in post
-- numerator zh: 近 12 个月离岗且未转任其他网格的网格员
-- numerator en: grid workers who left in 12 months and took no other grid
-- denominator zh: 近 12 个月各月末在岗网格员的平均数
-- denominator en: mean of the grid workers in post at the 12 ends of month
-- date zh: 每月末回溯 12 个月；季、年取最后一月
-- date en: 12 months back from the end of each month; quarters and years take their last month
-- exclusions zh: 数据起始后不足 12 个月的月份；30 日内转任其他网格的人员
-- exclusions en: the first 11 months of the data; those who took another grid within 30 days
-- caveat zh: 比率而非占比，可大于 100%；全数统计，故无区间
-- caveat en: a ratio, which may exceed 100 %; a full count, hence no interval
select
  sum(left_12_months) filter (workers_12_months is not null) as numerator,
  sum(workers_12_months) as denominator
from grid_month
