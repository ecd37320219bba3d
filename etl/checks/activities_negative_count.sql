-- code: activities_negative_count
-- feed: activities
-- severity: reject
-- column: participants
-- zh: 人次、户次、时长、资金不能为负
-- en: a number is negative
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  least(participants, households_visited, hours, funding_yuan)::varchar as value
from stage_activities
where least(participants, households_visited, hours, funding_yuan) < 0
