-- code: satisfaction_score_range
-- feed: satisfaction
-- severity: reject
-- column: score
-- zh: 评分应为 1 至 5
-- en: a score must be 1 to 5
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  score::varchar as value
from stage_satisfaction
where score not between 1 and 5
