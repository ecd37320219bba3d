-- code: E52
-- name zh: 入户走访率
-- name en: Face-to-face visits per 100 households
-- family: E
-- dimension: E5
-- direction: up
-- kind: rate
-- unit: per_100
-- scale: 100
-- time: month
-- interval: none
-- feeds: activities, grids, cases
-- target: 20
-- rows: informatisation
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 每百户每月入户走访的户次
-- definition en: Household visits per 100 households and month
-- numerator zh: 走访户次
-- numerator en: households visited
-- denominator zh: 户数（逐月累计，即户月）
-- denominator en: households, summed over the months (household-months)
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 户数缺失的网格；活动数据未覆盖的月份
-- exclusions en: grids whose households are missing; months that the activities feed does not cover
-- caveat zh: 同一户可多次计入；季、年为月均水平；走访按轮次成群，故不给区间
-- caveat en: a household may count more than once; quarters and years are monthly averages; visits come in rounds, hence no interval
select
  sum(households_visited) as numerator,
  sum(households) as denominator
from grid_month
