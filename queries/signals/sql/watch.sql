-- one row is: the control charts of one indicator at one geo level and grain
select
  indicator,
  geo_level,
  grain,
  rules,
  charts,
  too_small,
  points,
  flagged,
  expected_false
from signal_watch
order by indicator, geo_level, grain;
