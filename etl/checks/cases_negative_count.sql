-- code: cases_negative_count
-- feed: cases
-- severity: reject
-- column: handoffs
-- zh: 次数不能为负
-- en: a count is negative
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  least(handoffs, returns, reopened, visits_needed)::varchar as value
from stage_cases
where least(handoffs, returns, reopened, visits_needed) < 0
