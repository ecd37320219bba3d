-- code: cases_accepted_before_reported
-- feed: cases
-- severity: warn
-- column: accepted_at
-- zh: 立案时间早于上报时间
-- en: registered before it was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  accepted_at::varchar as value
from stage_cases
where accepted_at < reported_at
