-- one row is: one value of some indicators in one period; $1 period, $2 the indicators, with commas between
-- $3 geo level, $4 and $5 the first and the last of the areas' geo_code_end
select
  indicator,
  geo_code,
  value
from indicator_value
where period = $1
  and indicator in (select unnest(string_split($2, ',')))
  and geo_level = $3
  and geo_code_end >= $4
  and geo_code_end <= $5
  and value is not null
