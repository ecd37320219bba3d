-- What is in part.stale_cell is to be counted again; for statements that know communities by their numbers, too.
create or replace macro part.is_stale_month(name, happened) as
  date_trunc('month', happened)::date in (select month from part.stale_cell where clock = name);
create or replace macro part.is_stale(name, happened, area) as
  (date_trunc('month', happened)::date, coalesce(area, '')) in (select (month, area_code) from part.stale_cell where clock = name);

-- the first month that is counted again, by date: a constant, so that a scan passes by what lies before
set variable stale_since = (
  select
    map_from_entries(list((clock, month)))
  from (
    select
      clock,
      min(month) as month
    from part.stale_cell
    group by clock
  )
);

create or replace temp table stale_place as
select
  s.clock,
  s.month,
  coalesce(a.area_id, 0) as community_id
from part.stale_cell as s
left join area_key as a on a.geo_level = 'community'
  and a.geo_code = s.area_code
where s.area_code = ''
  or a.area_id is not null;
create or replace temp macro is_stale_place(name, happened, community) as
  (date_trunc('month', happened)::date, coalesce(community, 0)) in (select (month, community_id) from stale_place where clock = name);
