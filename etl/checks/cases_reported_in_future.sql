-- code: cases_reported_in_future
-- feed: cases
-- severity: reject
-- column: reported_at
-- zh: 上报时间在未来
-- en: reported in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  reported_at::varchar as value
from stage_cases
where reported_at > getvariable('run_now')
