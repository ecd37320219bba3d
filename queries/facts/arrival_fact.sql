-- one row is: one row of the feeds cases, satisfaction or activities that a run after the first one loaded
-- arrived_at: when it was loaded, in the district's local time. changed_at: when its source last changed it, or else when it happened.
create or replace view arrival_fact as
with zone as (
  select
    coalesce(nullif(max(value) filter (key = 'time_zone'), ''), 'Asia/Shanghai') as name
  from snapshot_info
),
later as (
  select
    l.load_id,
    timezone(z.name, timezone('UTC', l.loaded_at)) as arrived_at
  from load as l
  cross join zone as z
  where l.loaded_at > (select min(loaded_at) from load)
)
select
  l.arrived_at,
  c.updated_at as changed_at,
  c.grid_code,
  c.community_code,
  c.subdistrict_code
from case_fact as c
join later as l using (load_id)
union all
select
  l.arrived_at,
  coalesce(s.updated_at, s.surveyed_at),
  s.grid_code,
  s.community_code,
  s.subdistrict_code
from survey_fact as s
join later as l using (load_id)
union all
select
  l.arrived_at,
  coalesce(a.updated_at, a.held_on::timestamp + interval 1 day),
  a.grid_code,
  g.community_code,
  g.subdistrict_code
from activities as a
join later as l using (load_id)
left join grids as g on g.grid_code = a.grid_code
  and a.held_on >= coalesce(g.valid_from, date '0001-01-01')
  and a.held_on < coalesce(g.valid_to, date '9999-12-31');
