-- code: cases_closed_before_reported
-- feed: cases
-- severity: reject
-- column: closed_at
-- zh: 办结时间早于上报时间
-- en: closed before it was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  closed_at::varchar as value
from stage_cases
where closed_at < reported_at
