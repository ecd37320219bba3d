-- code: interventions_period_reversed
-- feed: interventions
-- severity: reject
-- column: ended_on
-- zh: 结束日期早于开始日期
-- en: ended before it started
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  ended_on::varchar as value
from stage_interventions
where ended_on < started_on
