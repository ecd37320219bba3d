-- code: cases_grid_unknown
-- feed: cases
-- severity: reject
-- column: grid_code
-- zh: 网格编码不存在
-- en: the grid is not in the grids feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  c.rowid as row_id,
  c.grid_code as value
from stage_cases as c
anti join grids as g on g.grid_code = c.grid_code
where c.grid_code is not null
