-- code: cases_closed_without_time
-- feed: cases
-- severity: warn
-- column: closed_at
-- zh: 状态为已办结但无办结时间
-- en: closed by its status, but without a closing time
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  status as value
from stage_cases
where status = 'closed'
  and closed_at is null
