-- code: activities_in_future
-- feed: activities
-- severity: reject
-- column: held_on
-- zh: 活动日期在未来
-- en: held in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  held_on::varchar as value
from stage_activities
where held_on > getvariable('run_now')
