-- code: staff_period_reversed
-- feed: staff
-- severity: reject
-- column: valid_to
-- zh: 离岗日期早于到岗日期
-- en: left before starting
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  valid_to::varchar as value
from stage_staff
where valid_to < valid_from
