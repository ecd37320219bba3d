-- code: training_in_future
-- feed: training
-- severity: reject
-- column: held_on
-- zh: 培训日期在未来
-- en: held in the future
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  held_on::varchar as value
from stage_training
where held_on > getvariable('run_now')
