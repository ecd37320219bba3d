-- code: grids_period_reversed
-- feed: grids
-- severity: reject
-- column: valid_to
-- zh: 失效日期不晚于生效日期
-- en: ends before it begins
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  valid_to::varchar as value
from stage_grids
where valid_to <= valid_from
