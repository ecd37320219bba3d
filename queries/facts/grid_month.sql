-- one row is: one grid in one month, as it stood on the month's last day (or the last day that the data know of)
-- full_time: full-time grid workers in post on that day; null where the place has no staff feed.
create or replace view grid_month as
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp::date as as_of
  from snapshot_info
),
span as (
  select
    date_trunc('month', min(reported_at))::date as first_month
  from cases
),
months as (
  select
    unnest(generate_series(s.first_month::timestamp, k.as_of::timestamp, interval 1 month))::date as month,
    k.as_of
  from span as s
  cross join known as k
  where s.first_month is not null
),
days as (
  select
    month,
    least(last_day(month), as_of) as on_day
  from months
),
posts as (
  select
    d.month,
    s.grid_code,
    count(distinct s.staff_key) as full_time
  from days as d
  join staff as s on s.valid_from <= d.on_day
    and d.on_day < coalesce(s.valid_to, date '9999-12-31')
  where s.role = 'grid_worker'
    and s.employment = 'full_time'
  group by all
)
select
  d.month,
  g.grid_code,
  g.community_code,
  g.subdistrict_code,
  g.population,
  g.households,
  g.area_km2,
  case
    when exists (from staff)
      then coalesce(p.full_time, 0)
  end as full_time
from days as d
join grids as g on coalesce(g.valid_from, date '0001-01-01') <= d.on_day
  and d.on_day < coalesce(g.valid_to, date '9999-12-31')
left join posts as p on p.month = d.month
  and p.grid_code = g.grid_code;
