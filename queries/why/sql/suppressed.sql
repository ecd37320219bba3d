-- one row is: one area whose value of an indicator is not shown to this reader in one period
-- Parameters: the indicator, the period.
select
  geo_level,
  geo_code
from indicator_value
where indicator = $1
  and period = $2
  and contains(flag, 'suppressed');
