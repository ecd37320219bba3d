-- code: activities_grid_unknown
-- feed: activities
-- severity: reject
-- column: grid_code
-- zh: 网格编码不存在
-- en: the grid is not in the grids feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  a.rowid as row_id,
  a.grid_code as value
from stage_activities as a
anti join grids as g on g.grid_code = a.grid_code
where a.grid_code is not null
