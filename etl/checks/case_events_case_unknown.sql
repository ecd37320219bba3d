-- code: case_events_case_unknown
-- feed: case_events
-- severity: warn
-- column: case_id
-- zh: 案件编号不在案件数据中
-- en: the case is not in the cases feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  e.rowid as row_id,
  e.case_id as value
from stage_case_events as e
anti join cases as c on c.case_id = e.case_id
