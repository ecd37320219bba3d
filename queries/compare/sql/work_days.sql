-- one row is: one month of the data with its working days, the running month's up to as_of
-- Days that the calendar does not have are working days from Monday to Friday.
with day as (
  select
    m.month,
    unnest(generate_series(m.month::timestamp, m.on_day::timestamp, interval 1 day))::date as date
  from data_month as m
)
select
  d.month,
  count_if(coalesce(c.is_workday, isodow(d.date) <= 5))::double as days
from day as d
left join calendar as c on c.date = d.date
group by d.month
order by d.month
