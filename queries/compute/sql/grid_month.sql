-- Where a place gets its first case or loses its last one, grid_month has other rows in all months.
insert into part.stale_cell
with place_now as (
  select distinct grid_code, community_code, subdistrict_code
  from case_month
)
select
  'month',
  p.starts,
  a.area_code
from period_key as p
cross join (select distinct coalesce(community_code, '') as area_code from grids union select '') as a
where p.period_kind = 'month'
  and exists(from part.stale_cell)
  and exists((from place_now except from place_before) union all (from place_before except from place_now))
except
select clock, month, area_code
from part.stale_cell;

-- grid_month: asked for by several passes and by community_month, and worked out from all its feeds each time
drop table if exists temp.main.grid_month;
create temp table grid_month as from grid_month;
