-- zh: 每年的工作日数
-- en: Working days by year
select
  year(date) as year,
  count(*) filter (is_workday) as working_days
from work_day
group by
  year
order by
  year
