-- code: case_events_in_future
-- feed: case_events
-- severity: reject
-- column: happened_at
-- zh: 环节时间在未来
-- en: a step in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  happened_at::varchar as value
from stage_case_events
where happened_at > getvariable('run_now')
