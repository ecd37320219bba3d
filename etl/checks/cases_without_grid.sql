-- code: cases_without_grid
-- feed: cases
-- severity: warn
-- column: grid_code
-- zh: 无网格编码，仅计入全区
-- en: no grid: counted for the district only
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  null::varchar as value
from stage_cases
where grid_code is null
