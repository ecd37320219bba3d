-- one row is: one grid in one month: who and what was there on its last day (or the last day that the data know of), and what happened in it
-- Stocks: population, households, area_km2, full_time and workers (grid workers in post), mediators, open and overdue cases;
-- workers_12_months is the mean of the last 12 ends of month, left_12_months who left the service meanwhile.
-- Flows: reported, closed and superior (from above) cases, limited (reported with a time limit, null without any), participants, meetings, social_work_hours, households_visited, funding_yuan.
-- What has no grid stands in a row without one, and counts for the district only.
-- Staff columns are null where the place has no staff feed, and 12-month columns before 12 months are known.
create or replace view grid_month as
with post as (
  select
    m.month,
    s.grid_code,
    count(distinct s.staff_key) filter (s.role = 'grid_worker' and s.employment = 'full_time') as full_time,
    count(distinct s.staff_key) filter (s.role = 'grid_worker') as workers,
    count(distinct s.staff_key) filter (s.role = 'mediator') as mediators
  from data_month as m
  join staff as s on s.valid_from <= m.on_day
    and m.on_day < coalesce(s.valid_to, date '9999-12-31')
  group by m.month, s.grid_code
),
mean_post as (
  select
    m.month,
    p.grid_code,
    sum(p.workers) / 12.0 as workers_12_months
  from data_month as m
  join post as p on p.month > m.month - interval 12 month
    and p.month <= m.month
  where m.months_known >= 12
  group by m.month, p.grid_code
),
leaver as (
  select
    s.grid_code,
    s.valid_to as left_on
  from staff as s
  where s.role = 'grid_worker'
    and s.valid_to is not null
    and not exists (
      from staff as n
      where n.staff_key = s.staff_key
        and n.role = 'grid_worker'
        and coalesce(n.valid_to, date '9999-12-31') > s.valid_to
        and n.valid_from <= s.valid_to + interval 30 day
    )
),
mean_left as (
  select
    m.month,
    l.grid_code,
    count(*) as left_12_months
  from data_month as m
  join leaver as l on l.left_on > m.on_day - interval 12 month
    and l.left_on <= m.on_day
  where m.months_known >= 12
  group by m.month, l.grid_code
),
stock as (
  select
    m.month,
    g.grid_code,
    g.community_code,
    g.subdistrict_code,
    g.population,
    g.households,
    g.area_km2,
    case when f.has_staff then coalesce(p.full_time, 0) end as full_time,
    case when f.has_staff then coalesce(p.workers, 0) end as workers,
    case when f.has_staff then coalesce(p.mediators, 0) end as mediators,
    case when f.has_staff and m.months_known >= 12 then coalesce(a.workers_12_months, 0) end as workers_12_months,
    case when f.has_staff and m.months_known >= 12 then coalesce(l.left_12_months, 0) end as left_12_months,
    true as in_force
  from data_month as m
  join grids as g on coalesce(g.valid_from, date '0001-01-01') <= m.on_day
    and m.on_day < coalesce(g.valid_to, date '9999-12-31')
  cross join (select count(*) > 0 as has_staff from staff) as f
  left join post as p on p.month = m.month
    and p.grid_code = g.grid_code
  left join mean_post as a on a.month = m.month
    and a.grid_code = g.grid_code
  left join mean_left as l on l.month = m.month
    and l.grid_code = g.grid_code
),
held as (
  select
    date_trunc('month', a.held_on)::date as month,
    a.grid_code,
    g.community_code,
    g.subdistrict_code,
    sum(a.participants) as participants,
    count_if(a.kind = 'deliberation') as meetings,
    coalesce(sum(a.hours) filter (a.kind = 'social_work'), 0) as social_work_hours,
    coalesce(sum(a.hours) filter (a.kind = 'volunteer'), 0) as volunteer_hours,
    coalesce(sum(a.households_visited) filter (a.kind = 'visit'), 0) as households_visited,
    sum(a.funding_yuan) as funding_yuan
  from activities as a
  left join grids as g on g.grid_code = a.grid_code
    and a.held_on >= coalesce(g.valid_from, date '0001-01-01')
    and a.held_on < coalesce(g.valid_to, date '9999-12-31')
  group by all
),
backlog as (
  select
    m.month,
    k.grid_code,
    k.community_code,
    k.subdistrict_code,
    f.reported,
    f.closed,
    f.superior,
    f.limited,
    sum(coalesce(f.entered - f.ended, 0)) over until_then as open,
    sum(coalesce(f.overdue - f.overdue_ended, 0)) over until_then as overdue,
    coalesce(f.ended, 0) * 7.0 / m.days as weekly_closed
  from data_month as m
  cross join (select distinct grid_code, community_code, subdistrict_code from case_month) as k
  left join case_month as f on f.month = m.month
    and f.grid_code is not distinct from k.grid_code
    and f.community_code is not distinct from k.community_code
    and f.subdistrict_code is not distinct from k.subdistrict_code
  window until_then as (partition by k.grid_code, k.community_code, k.subdistrict_code order by m.month)
),
together as (
  select * from stock
  union all by name
  select * from held
  union all by name
  select * from backlog
)
select
  month,
  grid_code,
  community_code,
  subdistrict_code,
  max(population) as population,
  max(households) as households,
  max(area_km2) as area_km2,
  max(full_time) as full_time,
  max(workers) as workers,
  max(mediators) as mediators,
  max(workers_12_months) as workers_12_months,
  max(left_12_months) as left_12_months,
  coalesce(bool_or(in_force), false) as in_force,
  sum(reported)::bigint as reported,
  sum(closed)::bigint as closed,
  sum(superior)::bigint as superior,
  nullif(sum(limited)::bigint, 0) as limited,
  sum(open)::bigint as open,
  sum(overdue)::bigint as overdue,
  sum(weekly_closed)::double as weekly_closed,
  sum(participants)::bigint as participants,
  sum(meetings)::bigint as meetings,
  sum(social_work_hours) as social_work_hours,
  sum(volunteer_hours) as volunteer_hours,
  sum(households_visited)::bigint as households_visited,
  sum(funding_yuan) as funding_yuan
from together
group by month, grid_code, community_code, subdistrict_code;
