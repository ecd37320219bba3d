-- code: satisfaction_without_subject
-- feed: satisfaction
-- severity: reject
-- column: case_id
-- zh: 既无案件编号也无网格编码
-- en: names neither a case nor a grid
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  null::varchar as value
from stage_satisfaction
where case_id is null
  and grid_code is null
