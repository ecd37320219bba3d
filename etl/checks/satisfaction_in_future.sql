-- code: satisfaction_in_future
-- feed: satisfaction
-- severity: reject
-- column: surveyed_at
-- zh: 回访时间在未来
-- en: asked in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  surveyed_at::varchar as value
from stage_satisfaction
where surveyed_at > getvariable('run_now')
