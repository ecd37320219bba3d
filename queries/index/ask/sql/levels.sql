-- one row is: one geo level and one kind of period of which there are indices
select distinct
  geo_level,
  period_kind
from index_value
order by geo_level, period_kind
