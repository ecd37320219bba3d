-- code: E12
-- name zh: 自治议事活跃度
-- name en: Deliberation meetings per community
-- family: E
-- dimension: E1
-- direction: up
-- kind: rate
-- unit: per_community
-- time: month
-- interval: poisson
-- least n: 0
-- feeds: activities, grids, cases
-- target: 1
-- rows: residents_participation
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 平均每个社区每月召开的居民议事协商会次数
-- definition en: Meetings of self-government per community and month
-- numerator zh: 议事协商会次数
-- numerator en: deliberation meetings
-- denominator zh: 社区数（逐月累计）
-- denominator en: communities, summed over the months
-- date zh: 活动日期
-- date en: held on
-- exclusions zh: 活动数据未覆盖的月份
-- exclusions en: months that the activities feed does not cover
-- caveat zh: 只计次数，不计成效；社区一级以上才有数值
-- caveat en: counts meetings, not what came of them; told for communities and above
select
  sum(meetings) as numerator,
  count(*) as denominator
from community_month
