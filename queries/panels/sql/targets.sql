-- one row is: the target of one indicator for one area in one period, the narrowest that was set; $1 geo level, $2 code, $3 period
select
  indicator,
  target
from targets
where coalesce(geo_level, $1) = $1
  and coalesce(geo_code, $2) = $2
  and coalesce(period, $3) = $3
qualify row_number() over (
  partition by indicator
  order by (geo_code is not null)::integer + (geo_level is not null)::integer + (period is not null)::integer desc, target
) = 1
