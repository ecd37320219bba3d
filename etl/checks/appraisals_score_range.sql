-- code: appraisals_score_range
-- feed: appraisals
-- severity: reject
-- column: score
-- zh: 得分应为 0 至 100
-- en: a score must be 0 to 100
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  score::varchar as value
from stage_appraisals
where score not between 0 and 100
