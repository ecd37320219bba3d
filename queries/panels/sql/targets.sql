-- one row is: one target as it was set; what is missing of level, area and period stands for all of them
select
  indicator,
  coalesce(geo_level, ''),
  coalesce(geo_code, ''),
  coalesce(period, ''),
  target
from targets
