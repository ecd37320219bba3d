-- code: E16
-- name zh: 社工项目强度
-- name en: Social-work hours per 1,000 residents
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
-- rows: social_work
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 每千名常住人口每月得到的社工项目服务时长（小时）
-- definition en: Hours of social-work projects per 1,000 residents and month
-- numerator zh: 社工项目服务时长
-- numerator en: hours of social-work projects
-- denominator zh: 常住人口（逐月累计，即人月）
-- denominator en: residents, summed over the months (person-months)
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 人口缺失的网格；活动数据未覆盖的月份
-- exclusions en: grids whose population is missing; months that the activities feed does not cover
-- caveat zh: 季、年为月均水平；时长为填报数
-- caveat en: quarters and years are monthly averages; hours are as reported
select
  sum(social_work_hours) as numerator,
  sum(population) as denominator
from grid_month
