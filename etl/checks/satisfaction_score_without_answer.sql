-- code: satisfaction_score_without_answer
-- feed: satisfaction
-- severity: warn
-- column: score
-- zh: 未作答但有评分
-- en: has a score, but the person did not answer
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  score::varchar as value
from stage_satisfaction
where score is not null
  and not responded
