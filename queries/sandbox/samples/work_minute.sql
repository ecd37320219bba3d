-- zh: 一天之内的工作时间
-- en: Working time within a day
select
  minute // 60 as hour,
  max(worked) as minutes_worked_since_midnight
from work_minute
group by
  hour
order by
  hour
