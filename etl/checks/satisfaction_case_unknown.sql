-- code: satisfaction_case_unknown
-- feed: satisfaction
-- severity: warn
-- column: case_id
-- zh: 案件编号不在案件数据中
-- en: the case is not in the cases feed
-- one row is: a staged row (by rowid) that fails, with the value at fault
-- The cases that are asked about are looked for first: a night's are few, and most cases are passed by.
with known as (
  select c.case_id
  from cases as c
  semi join stage_satisfaction as s on s.case_id = c.case_id
)
select
  s.rowid as row_id,
  s.case_id as value
from stage_satisfaction as s
anti join known as k on k.case_id = s.case_id
where s.case_id is not null
