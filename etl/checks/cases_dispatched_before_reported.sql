-- code: cases_dispatched_before_reported
-- feed: cases
-- severity: warn
-- column: dispatched_at
-- zh: 派遣时间早于上报时间
-- en: dispatched before it was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  dispatched_at::varchar as value
from stage_cases
where dispatched_at < reported_at
