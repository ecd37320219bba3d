-- code: E24
-- name zh: 培训到位率
-- name en: Trained share
-- family: E
-- dimension: E2
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- numerator over months: last
-- denominator over months: last
-- interval: none
-- feeds: staff, training, cases
-- target: 0.9
-- rows: capable_carriers
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 在岗网格员中近 12 个月培训满 16 学时的比例
-- definition en: Share of grid workers in post with at least 16 hours of training in the last 12 months
-- numerator zh: 近 12 个月培训不少于 16 学时的网格员
-- numerator en: grid workers with 16 hours or more in 12 months
-- denominator zh: 月末在岗网格员
-- denominator en: grid workers in post at the end of the month
-- date zh: 每月末回溯 12 个月；季、年取最后一月
-- date en: 12 months back from the end of each month; quarters and years take their last month
-- exclusions zh: 培训数据不足 12 个月的月份
-- exclusions en: months with less than 12 months of training data behind them
-- caveat zh: 新到岗人员同样计入，故人员流动会压低数值
-- caveat en: newcomers count too, so turnover lowers it
select
  count_if(is_grid_worker and hours_12_months >= 16) as numerator,
  count_if(is_grid_worker and hours_12_months is not null) as denominator
from staff_month
