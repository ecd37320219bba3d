-- zh: 各大类的重复诉求率
-- en: Share of repeat complaints by main category
select
  category_1,
  count(*) as cases,
  round(avg(is_repeat::integer), 3) as repeat_share
from repeat_fact
group by
  category_1
order by
  repeat_share desc
