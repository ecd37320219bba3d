-- code: cases_due_before_reported
-- feed: cases
-- severity: warn
-- column: due_at
-- zh: 应办结时间早于上报时间
-- en: due before it was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  due_at::varchar as value
from stage_cases
where due_at < reported_at
