-- one row is: the cases reported in one area on one day; days without a case have no row
-- Parameters: geo level and area; the empty string stands for all. A case without a grid counts for the district only.
-- Days are added up by community first: under a number, which groups faster than its code, and so that the levels above have
-- few rows to add.
with placed as (
  select
    g.geo_code as grid_code,
    dense_rank() over (order by g.parent_code) as place,
    g.parent_code as community_code,
    c.parent_code as subdistrict_code
  from area as g
  left join area as c on c.geo_level = 'community'
    and c.geo_code = g.parent_code
  where g.geo_level = 'grid'
),
summed as (
  select
    p.place,
    d.day,
    sum(d.reported) as reported
  from case_day as d
  left join placed as p using (grid_code)
  group by p.place, d.day
),
named as (
  select
    p.community_code,
    p.subdistrict_code,
    (select max(value) from snapshot_info where key = 'district_code') as district_code,
    s.day,
    s.reported
  from summed as s
  left join (select distinct place, community_code, subdistrict_code from placed) as p using (place)
),
counted as (
  select
    case
      when grouping(community_code) = 0 then 'community'
      when grouping(subdistrict_code) = 0 then 'subdistrict'
      else 'district'
    end as geo_level,
    coalesce(community_code, subdistrict_code, district_code) as geo_code,
    day,
    sum(reported)::bigint as reported
  from named
  group by grouping sets ((district_code, day), (subdistrict_code, day), (community_code, day))
  having coalesce(community_code, subdistrict_code, district_code) is not null
)
select
  geo_level,
  geo_code,
  day,
  reported
from counted
where ($1 = '' or geo_level = $1)
  and ($2 = '' or geo_code = $2)
order by geo_level, geo_code, day;
