-- one row is: one zip code within one community board, as they occur together; what is not given becomes "Unspecified"
with places as (
  select distinct
    coalesce("Borough", 'Unspecified') as borough,
    coalesce("Community Board", 'Unspecified') as board,
    coalesce("Incident Zip", 'Unspecified') as zip
  from raw
)
select
  board || '/' || zip as grid_code,
  zip as grid_name,
  board as community_code,
  board as community_name,
  borough as subdistrict_code,
  borough as subdistrict_name,
  'nyc' as district_code,
  'New York City' as district_name
from places
