-- code: E10
-- name zh: 志愿服务强度
-- name en: Volunteer hours per 1,000 residents
-- family: E
-- dimension: E1
-- direction: up
-- kind: rate
-- unit: hours_per_1000
-- scale: 1000
-- time: month
-- interval: none
-- feeds: activities, grids, cases
-- target: 5
-- rows: residents_participation
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 每千名常住人口每月的志愿服务时长（小时）
-- definition en: Hours of volunteer actions per 1,000 residents and month
-- numerator zh: 志愿服务时长
-- numerator en: hours of volunteer actions
-- denominator zh: 常住人口（逐月累计，即人月）
-- denominator en: residents, summed over the months (person-months)
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 人口缺失的网格；活动数据未覆盖的月份
-- exclusions en: grids whose population is missing; months that the activities feed does not cover
-- caveat zh: 时长为填报数；季、年为月均水平
-- caveat en: hours are as reported; quarters and years are monthly averages
select
  sum(volunteer_hours) as numerator,
  sum(population) as denominator
from grid_month
