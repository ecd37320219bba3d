-- one row is: one day that cases are known of, with what kind of day it is; without a calendar feed, weekends are free and all else is work
select
  d.day::date as day,
  coalesce(c.is_workday, isodow(d.day) < 6) as is_workday,
  coalesce(not c.is_workday and c.name is not null, false) as is_holiday
from (
  select
    unnest(generate_series(min(day)::timestamp, (select max(value) from snapshot_info where key = 'as_of')::timestamp, interval 1 day)) as day
  from case_day
) as d
left join calendar as c on c.date = d.day::date
order by d.day;
