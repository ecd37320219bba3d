-- code: cases_open_with_closing_time
-- feed: cases
-- severity: warn
-- column: status
-- zh: 有办结时间但状态未办结
-- en: has a closing time, but is open by its status
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  status as value
from stage_cases
where closed_at is not null
  and status in ('reported', 'accepted', 'dispatched', 'handling', 'on_hold')
