-- code: E47
-- name zh: 引入资金
-- name en: Outside money per 1,000 residents
-- family: E
-- dimension: E4
-- direction: up
-- kind: rate
-- unit: yuan_per_1000
-- scale: 1000
-- time: month
-- interval: none
-- feeds: activities, grids, cases
-- target: 500
-- rows: embedding, social_work
-- source zh: 赋能治理文献：嵌入式改革（青岛）
-- source en: literature on empowering governance: the subdistrict as core of a community of governance (Qingdao)
-- definition zh: 每千名常住人口每月通过活动与项目引入的资金（元）
-- definition en: Yuan that activities and projects brought in per 1,000 residents and month
-- numerator zh: 引入资金
-- numerator en: money brought in
-- denominator zh: 常住人口（逐月累计，即人月）
-- denominator en: residents, summed over the months (person-months)
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 人口缺失的网格；活动数据未覆盖的月份
-- exclusions en: grids whose population is missing; months that the activities feed does not cover
-- caveat zh: 只计登记在活动上的资金；季、年为月均水平
-- caveat en: only money written down with an activity; quarters and years are monthly averages
select
  sum(funding_yuan) as numerator,
  sum(population) as denominator
from grid_month
