-- one row is: the cases reported in one area on one day; days without a case have no row
-- Parameters: geo level and area; the empty string stands for all. A case without a grid counts for the district only.
with placed as (
  select
    d.day,
    d.reported,
    g.parent_code as community_code,
    c.parent_code as subdistrict_code,
    (select max(value) from snapshot_info where key = 'district_code') as district_code
  from case_day as d
  left join area as g on g.geo_level = 'grid'
    and g.geo_code = d.grid_code
  left join area as c on c.geo_level = 'community'
    and c.geo_code = g.parent_code
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
  from placed
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
