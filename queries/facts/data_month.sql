-- one row is: one month of the data, from the first case to as_of, with its last known day
create or replace view data_month as
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp::date as as_of
  from snapshot_info
),
span as (
  select
    date_trunc('month', min(reported_at))::date as first_month
  from cases
)
select
  m.month::date as month,
  least(last_day(m.month::date), k.as_of) as on_day,
  date_diff('day', m.month::date, least(last_day(m.month::date), k.as_of)) + 1 as days,
  date_diff('month', s.first_month, m.month::date) + 1 as months_known
from span as s
cross join known as k
cross join unnest(generate_series(s.first_month::timestamp, k.as_of::timestamp, interval 1 month)) as m(month)
where s.first_month is not null;
