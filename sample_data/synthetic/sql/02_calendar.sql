-- one row is: one day of the years that the State Council's notices cover here
create table calendar as
with holiday as (
  select unnest(from_json(getvariable('holidays')::json, '[{"date": "DATE", "kind": "VARCHAR", "name": "VARCHAR"}]'), recursive := true)
),
day as (
  select unnest(generate_series(date '2022-01-01', date '2026-12-31', interval 1 day))::date as date
)
select
  d.date,
  coalesce(h.kind = 'work', h.kind is null and isodow(d.date) <= 5) as is_workday,
  h.name
from day d
left join holiday h using (date)
order by d.date;

set variable workdays = (select list(date order by date) from calendar where is_workday);

-- one row is: one day, with the working minutes that lie before it
create table work_day as
select
  date,
  is_workday,
  name is not null and not is_workday as is_holiday,
  420 * (count(*) filter (where is_workday) over (order by date) - is_workday::integer) as minutes_before
from calendar
order by date;
