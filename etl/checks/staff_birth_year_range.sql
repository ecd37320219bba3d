-- code: staff_birth_year_range
-- feed: staff
-- severity: reject
-- column: birth_year
-- zh: 出生年份不合理（早于1900年或未满14岁）
-- en: a year of birth before 1900 or less than 14 years ago
-- one row is: a staged row (by rowid) that fails, with the value at fault
select
  rowid as row_id,
  birth_year::varchar as value
from stage_staff
where birth_year < 1900
  or birth_year > year(getvariable('run_now')) - 14
