-- one row is: one zip code within one community board within one borough, as they occur together in the cases
-- What a case does not say becomes an area called "Unspecified", so that no case is lost.
-- Population is left out: it is published by zip code, and a zip code lies in several community boards.
with places as (
  select distinct
    coalesce(nullif(borough, ''), 'Unspecified') as borough,
    coalesce(nullif(community_board, ''), 'Unspecified') as board,
    coalesce(nullif(zip, ''), 'Unspecified') as zip
  from raw
)
select
  borough || '/' || board || '/' || zip as grid_code,
  zip as grid_name,
  borough || '/' || board as community_code,
  board as community_name,
  borough as subdistrict_code,
  borough as subdistrict_name,
  'nyc' as district_code,
  'New York City' as district_name
from places
