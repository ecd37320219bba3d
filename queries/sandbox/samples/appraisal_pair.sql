-- zh: 双向考核的评分差
-- en: Gap between the two directions of appraisal
select
  department,
  count(*) as pairs,
  round(avg(is_mutual::integer), 3) as mutual_share,
  round(avg(gap), 2) as mean_gap
from appraisal_pair
group by
  department
order by
  mean_gap
