-- one row is: one area of one geo level, with the names and sizes of its latest grids
-- An area whose grids all ended keeps its name and has in_force = false.
delete from area;
insert into area
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp::date as as_of,
    max(value) filter (key = 'district_code') as district_code,
    max(value) filter (key = 'district_name') as district_name
  from snapshot_info
),
latest as (
  select
    g.*,
    k.district_code as top_code,
    coalesce(g.valid_to, date '9999-12-31') > k.as_of as in_force
  from grids as g
  cross join known as k
  qualify row_number() over (partition by g.grid_code order by coalesce(g.valid_from, date '0001-01-01') desc) = 1
)
select 'grid', grid_code, coalesce(grid_name, grid_code), 'community', community_code,
  population, households, area_km2, 1, in_force
from latest
union all
select 'community', community_code, coalesce(arg_max(community_name, in_force), community_code), 'subdistrict', arg_max(subdistrict_code, in_force),
  sum(population) filter (in_force), sum(households) filter (in_force), sum(area_km2) filter (in_force), count_if(in_force), bool_or(in_force)
from latest
group by community_code
union all
select 'subdistrict', subdistrict_code, coalesce(arg_max(subdistrict_name, in_force), subdistrict_code), 'district', any_value(top_code),
  sum(population) filter (in_force), sum(households) filter (in_force), sum(area_km2) filter (in_force), count_if(in_force), bool_or(in_force)
from latest
group by subdistrict_code
union all
select 'district', k.district_code, k.district_name, null, null,
  sum(population) filter (in_force), sum(households) filter (in_force), sum(area_km2) filter (in_force), count_if(in_force), true
from known as k
left join latest on true
group by all
order by 1, 2;
