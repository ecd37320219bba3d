-- one row is: one day of the period with the number of cases reported on it; the numbers add up to the cases asked for
create table report_day as
with weighed as (
  select
    w.date,
    w.minutes_before,
    w.is_workday,
    (1 + 0.10 * cos(2 * pi() * (month(w.date) - 7) / 12.0))
    * case when w.is_holiday then 0.55 when w.is_workday then 1.12 else 0.72 end
    * if(isodow(w.date) = 1, 1.08, 1)
    * (1 + 0.10 * date_diff('day', m.first_day, w.date) / m.days)
    * (1 + 0.06 * normal_of(identity('day', date_diff('day', date '2022-01-01', w.date)), 'volume')) as base,
    if(w.date between m.flood_from and m.flood_from + 6, [0.5, 1.6, 2.4, 1.8, 1.0, 0.6, 0.3][1 + date_diff('day', m.flood_from, w.date)], 0) as flood
  from work_day w, moment m
  where w.date between m.first_day and m.last_day
),
cumulative as (
  select
    *,
    floor(getvariable('cases') * sum(base * (1 + flood)) over (order by date) / sum(base * (1 + flood)) over ())::bigint as up_to
  from weighed
),
counted as (
  select
    *,
    up_to - lag(up_to, 1, 0) over (order by date) as cases
  from cumulative
)
select
  date,
  minutes_before,
  is_workday,
  up_to - cases as first_id,
  cases,
  (cases * flood / (1 + flood))::bigint as flood_cases
from counted
order by date;
