-- code: department_half
-- feed: all
-- when: end
-- severity: warn
-- zh: 部门当日数据不足平时一半（当日行数 / 近28天同类日均）
-- en: less than half of a department's usual rows for the last day (rows / mean of like days in 28 days)
-- one row is: one department at fault
-- arrival has the rows of each feed, department and day; last_day is the last whole day that the data know.
-- A day is held against the days of its kind (working days or days off, by the calendar) of the 28 days before it.
-- Under 30 rows a day, half can be chance.
with kind as (
  select
    day::date as day,
    coalesce(c.is_workday, isodow(day) <= 5) as is_workday
  from generate_series(getvariable('last_day') - 28, getvariable('last_day'), interval 1 day) as s(day)
  left join calendar as c on c.date = day::date
),
alike as (
  select
    d.day
  from kind as d
  join kind as last on last.day = getvariable('last_day')
    and last.is_workday = d.is_workday
  where d.day < getvariable('last_day')
),
known as (
  select
    feed,
    department,
    min(day) as first_day
  from arrival
  where day < getvariable('last_day')
  group by feed, department
),
usual as (
  select
    k.feed,
    k.department,
    coalesce(sum(a.rows), 0) / count(*) as rows
  from known as k
  join alike as d on d.day >= k.first_day
  left join arrival as a on a.feed = k.feed
    and a.department is not distinct from k.department
    and a.day = d.day
  where k.first_day <= getvariable('last_day') - 7
  group by k.feed, k.department
)
select
  u.feed,
  u.department,
  round(u.rows - coalesce(t.rows, 0)) as failed,
  round(u.rows) as checked,
  strftime(getvariable('last_day'), '%Y-%m-%d') || ': ' || coalesce(t.rows, 0) || ' / ' || round(u.rows)::bigint as detail
from usual as u
left join arrival as t on t.feed = u.feed
  and t.department is not distinct from u.department
  and t.day = getvariable('last_day')
where t.rows < u.rows / 2
  and u.rows >= 30
