-- one row is: one indicator of one area in one period of a kind; $1 geo level, $2 code, $3 kind of period
-- Blocks and rows are found by geo_code_end alone. The other conditions are written as expressions so that DuckDB
-- looks at them afterwards, of the few rows left: comparing four texts of each row of a block takes a quarter longer.
select
  indicator,
  period,
  numerator,
  denominator,
  value,
  n,
  low,
  high,
  coalesce(flag, '')
from indicator_value
where geo_code_end = right($2, 8)
  and geo_level || '' = $1
  and geo_code || '' = $2
  and period_kind || '' = $3
