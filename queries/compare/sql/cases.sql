-- one row is: the cases reported and closed in one grid in one month that the data cover; a month without any has one row without a grid
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
),
data as (
  select
    unnest(generate_series(first_month::timestamp, k.as_of, interval 1 month))::date as month
  from (select min(month) as first_month from case_month)
  cross join known as k
)
select
  d.month,
  last_day(d.month) > k.as_of::date as is_partial,
  coalesce(c.subdistrict_code, ''),
  coalesce(c.community_code, ''),
  coalesce(c.grid_code, ''),
  coalesce(sum(c.reported), 0)::double as reported,
  coalesce(sum(c.closed), 0)::double as closed
from data as d
cross join known as k
left join case_month as c on c.month = d.month
group by all
order by d.month
