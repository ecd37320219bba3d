-- code: grids_negative_size
-- feed: grids
-- severity: reject
-- column: population
-- zh: 人口、户数、面积不能为负
-- en: a size is negative
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  least(population, households, area_km2)::varchar as value
from stage_grids
where least(population, households, area_km2) < 0
