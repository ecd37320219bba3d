-- code: case_events_before_report
-- feed: case_events
-- severity: warn
-- column: happened_at
-- zh: 环节时间早于案件上报时间
-- en: a step before the case was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  e.rowid as row_id,
  e.happened_at::varchar as value
from stage_case_events as e
join cases as c on c.case_id = e.case_id
where e.happened_at < c.reported_at
