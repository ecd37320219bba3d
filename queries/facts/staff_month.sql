-- one row is: one person in one post on the last day of one month (or the last day that the data know of)
-- age: in years, by the year of birth. hours_12_months: hours of training in the 12 months up to that day;
-- null in months with less than 12 months of training data behind them.
create or replace view staff_month as
with course as (
  select
    date_trunc('month', min(held_on))::date as first_month
  from training
),
trained as (
  select
    m.month,
    t.staff_key,
    sum(t.hours) as hours
  from data_month as m
  join training as t on t.held_on > m.on_day - interval 12 month
    and t.held_on <= m.on_day
  group by m.month, t.staff_key
)
select
  m.month,
  s.staff_key,
  s.grid_code,
  g.community_code,
  g.subdistrict_code,
  s.role,
  s.employment,
  s.role = 'grid_worker' as is_grid_worker,
  coalesce(s.organisation_kind, '') = 'social_organisation' as is_social_organisation,
  s.certified,
  year(m.on_day) - s.birth_year as age,
  case
    when m.month >= c.first_month + interval 11 month
      then coalesce(t.hours, 0)
  end as hours_12_months
from data_month as m
join staff as s on s.valid_from <= m.on_day
  and m.on_day < coalesce(s.valid_to, date '9999-12-31')
cross join course as c
left join trained as t on t.month = m.month
  and t.staff_key = s.staff_key
left join grids as g on g.grid_code = s.grid_code
  and coalesce(g.valid_from, date '0001-01-01') <= m.on_day
  and m.on_day < coalesce(g.valid_to, date '9999-12-31');
