-- code: satisfaction_case_unknown
-- feed: satisfaction
-- severity: warn
-- column: case_id
-- zh: 案件编号不在案件数据中
-- en: the case is not in the cases feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  s.rowid as row_id,
  s.case_id as value
from stage_satisfaction as s
anti join cases as c on c.case_id = s.case_id
where s.case_id is not null
