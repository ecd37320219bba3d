-- code: case_events_out_of_order
-- feed: case_events
-- severity: warn
-- column: happened_at
-- zh: 环节时间早于上一步
-- en: a step before the step that it follows
-- one row is: a staged row (by rowid) that fails, with the value at fault
with steps as (
  select
    rowid as row_id,
    happened_at,
    lag(happened_at) over (partition by case_id order by seq) as earlier
  from stage_case_events
)
select
  row_id,
  happened_at::varchar as value
from steps
where happened_at < earlier
