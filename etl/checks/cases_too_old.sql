-- code: cases_too_old
-- feed: cases
-- severity: reject
-- column: reported_at
-- zh: 上报时间早于1990年
-- en: reported before 1990
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  reported_at::varchar as value
from stage_cases
where reported_at < timestamp '1990-01-01'
