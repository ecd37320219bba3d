-- code: satisfaction_grid_unknown
-- feed: satisfaction
-- severity: reject
-- column: grid_code
-- zh: 网格编码不存在
-- en: the grid is not in the grids feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  s.rowid as row_id,
  s.grid_code as value
from stage_satisfaction as s
anti join grids as g on g.grid_code = s.grid_code
where s.grid_code is not null
