-- one row is: one point of the effect of a practice on an indicator, in the order of a chart
-- Parameters: practice, indicator, geo level.
select
  kind,
  coalesce(group_month, '') as group_month,
  coalesce(month, '') as month,
  position,
  months,
  effect,
  std_error,
  low,
  high,
  band_low,
  band_high,
  treated_value,
  control_value,
  areas,
  cases
from practice_point
where practice = $1
  and indicator = $2
  and geo_level = $3
order by kind, group_month, month, position;
