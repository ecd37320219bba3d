-- code: cases_closed_in_future
-- feed: cases
-- severity: reject
-- column: closed_at
-- zh: 办结时间在未来
-- en: closed in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  closed_at::varchar as value
from stage_cases
where closed_at > getvariable('run_now')
