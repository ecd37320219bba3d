-- one row is: one area inside the subdistrict that the reader is confined to
create view scope_area as
with recursive inside as (
  select
    geo_level,
    geo_code
  from snap.main.area
  where geo_level = 'subdistrict'
    and geo_code = getvariable('scope')
  union
  select
    below.geo_level,
    below.geo_code
  from inside
  join snap.main.area as below on below.parent_level = inside.geo_level
    and below.parent_code = inside.geo_code
)
select
  geo_level,
  geo_code
from inside
