-- one row is: the cases reported and closed in one area per month of one period; $1 geo level, $2 code, $3 kind of period
-- Quarters and years count per month that the data cover, so that a year that is not over compares with a whole one.
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
),
of_area as (
  select
    month,
    sum(reported) as reported,
    sum(closed) as closed
  from case_month
  where case $1
    when 'district' then true
    when 'subdistrict' then subdistrict_code = $2
    when 'community' then community_code = $2
    else grid_code = $2
  end
  group by month
),
data as (
  select
    unnest(generate_series(first_month::timestamp, k.as_of, interval 1 month))::date as month
  from (select min(month) as first_month from case_month)
  cross join known as k
)
select
  case $3
    when 'month' then strftime(d.month, '%Y-%m')
    when 'quarter' then year(d.month) || '-Q' || quarter(d.month)
    else strftime(d.month, '%Y')
  end as period,
  max(last_day(d.month)) > max(k.as_of)::date as is_partial,
  avg(coalesce(a.reported, 0)) as reported,
  avg(coalesce(a.closed, 0)) as closed
from data as d
left join of_area as a on a.month = d.month
cross join known as k
group by 1
