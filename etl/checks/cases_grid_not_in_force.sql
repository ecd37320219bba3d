-- code: cases_grid_not_in_force
-- feed: cases
-- severity: reject
-- column: grid_code
-- zh: 上报当日该网格未生效
-- en: the grid was not in force on the day of the report
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  c.rowid as row_id,
  c.grid_code as value
from stage_cases as c
semi join grids as g on g.grid_code = c.grid_code
anti join grids as f on f.grid_code = c.grid_code
  and c.reported_at >= coalesce(f.valid_from, date '0001-01-01')
  and c.reported_at < coalesce(f.valid_to, date '9999-12-31')
where c.grid_code is not null
  and c.reported_at is not null
