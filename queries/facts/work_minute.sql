-- one row is: one minute of a working day (0 to 1439), with the working minutes since the day's beginning
-- work_hours in snapshot_info, such as 09:00-12:00,13:30-17:30, says when people work; those are the hours without it.
create or replace view work_minute as
with span as (
  select
    date_diff('minute', timestamp '2000-01-01', ('2000-01-01 ' || split_part(part, '-', 1))::timestamp) as starts,
    date_diff('minute', timestamp '2000-01-01', ('2000-01-01 ' || split_part(part, '-', 2))::timestamp) as ends
  from (
    select
      unnest(string_split(coalesce(nullif(max(value) filter (key = 'work_hours'), ''), '09:00-12:00,13:30-17:30'), ',')) as part
    from snapshot_info
  )
)
select
  m.minute::integer as minute,
  sum(greatest(0, least(m.minute, s.ends) - s.starts))::integer as worked
from range(1440) as m(minute)
cross join span as s
group by m.minute;
