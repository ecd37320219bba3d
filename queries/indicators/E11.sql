-- code: E11
-- name zh: 群众参与率
-- name en: Participation per 1,000 residents
-- family: E
-- dimension: E1
-- direction: up
-- kind: rate
-- counts: numerator
-- unit: per_1000
-- scale: 1000
-- time: month
-- interval: none
-- feeds: activities, grids, cases
-- target: 20
-- rows: residents_participation, joint_force
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 每千名常住人口每月参加活动的人次
-- definition en: Participants in activities per 1,000 residents and month
-- numerator zh: 活动参与人次
-- numerator en: participants in activities
-- denominator zh: 常住人口（逐月累计，即人月）
-- denominator en: residents, summed over the months (person-months)
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 人口缺失的网格；活动数据未覆盖的月份
-- exclusions en: grids whose population is missing; months that the activities feed does not cover
-- caveat zh: 按人次计，同一人可多次计入；季、年为月均水平，可与单月相比；人次成群出现，故不给区间
-- caveat en: counts attendances, not persons; quarters and years are monthly averages, comparable with a month; people attend in groups, hence no interval
select
  sum(participants) as numerator,
  sum(population) as denominator
from grid_month
