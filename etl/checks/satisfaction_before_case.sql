-- code: satisfaction_before_case
-- feed: satisfaction
-- severity: warn
-- column: surveyed_at
-- zh: 回访时间早于案件上报时间
-- en: asked before the case was reported
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  s.rowid as row_id,
  s.surveyed_at::varchar as value
from stage_satisfaction as s
join cases as c on c.case_id = s.case_id
where s.surveyed_at < c.reported_at
