-- one row is: one day, with the working minutes that passed between the first day and its beginning
-- Days that the calendar does not have are working days from Monday to Friday.
create or replace view work_day as
with span as (
  select
    coalesce(sum(date_diff('minute', ('2000-01-01 ' || split_part(part, '-', 1))::timestamp, ('2000-01-01 ' || split_part(part, '-', 2))::timestamp)), 0) as minutes
  from (
    select
      unnest(string_split(coalesce(nullif(max(value) filter (key = 'work_hours'), ''), '09:00-12:00,13:30-17:30'), ',')) as part
    from snapshot_info
  )
),
bounds as (
  select
    least(min(reported_at), min(accepted_at), min(dispatched_at), min(first_response_at),
      (select max(value) filter (key = 'as_of')::timestamp from snapshot_info))::date as first_day,
    greatest(max(reported_at), max(accepted_at), max(dispatched_at), max(first_response_at),
      (select max(value) filter (key = 'as_of')::timestamp from snapshot_info))::date as last_day
  from cases
),
day as (
  select
    unnest(generate_series(first_day::timestamp, last_day::timestamp, interval 1 day))::date as date
  from bounds
),
kind as (
  select
    d.date,
    coalesce(c.is_workday, isodow(d.date) <= 5) as is_workday
  from day as d
  left join calendar as c on c.date = d.date
)
select
  k.date,
  k.is_workday,
  coalesce(sum(case when k.is_workday then s.minutes else 0 end) over (order by k.date rows between unbounded preceding and 1 preceding), 0)::integer as minutes_before
from kind as k
cross join span as s;
