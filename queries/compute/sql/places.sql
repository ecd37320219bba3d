-- place_key: one row is one place of cases (flow_place) with the areas it is in; what is grouped by many values besides, or read
-- often, is grouped by its number
create or replace temp table place_key as
select
  p.place,
  p.grid_code,
  p.community_code,
  p.subdistrict_code,
  g.area_id as grid_id,
  c.area_id as community_id,
  s.area_id as subdistrict_id
from flow_place as p
left join area_key as g on g.geo_level = 'grid'
  and g.geo_code = p.grid_code
left join area_key as c on c.geo_level = 'community'
  and c.geo_code = p.community_code
left join area_key as s on s.geo_level = 'subdistrict'
  and s.geo_code = p.subdistrict_code;

-- place_before: the places that had cases before this run, which grid_month knows in all months
create or replace temp table place_before as
select distinct grid_code, community_code, subdistrict_code
from case_month;

-- survey_fact: asked for five times, and every time each survey would look its case up
drop table if exists temp.main.survey_fact;
create temp table survey_fact as from survey_fact;
