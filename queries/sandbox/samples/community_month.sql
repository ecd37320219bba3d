-- zh: 各街道每社区议事次数（按月）
-- en: Deliberation meetings per community, by subdistrict and month
select
  month,
  subdistrict_code,
  round(avg(meetings), 2) as meetings_per_community
from community_month
group by
  month,
  subdistrict_code
order by
  month,
  subdistrict_code
