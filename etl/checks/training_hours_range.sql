-- code: training_hours_range
-- feed: training
-- severity: reject
-- column: hours
-- zh: 学时应大于 0 且不超过 1000
-- en: hours must be above 0 and at most 1000
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  hours::varchar as value
from stage_training
where hours <= 0
  or hours > 1000
