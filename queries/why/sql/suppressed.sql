-- one row is: one area whose value of an indicator is not shown to this reader in one of two periods
-- Parameters: the indicator, the periods.
select
  period,
  geo_level,
  geo_code
from indicator_value
where indicator = $1
  and period in ($2, $3)
  and contains(flag, 'suppressed');
