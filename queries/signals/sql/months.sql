-- one row is: one indicator of one area in one complete month that has settled, for control charts
-- Parameters: indicator, geo level and area; the empty string stands for all.
select
  indicator,
  geo_level,
  geo_code,
  (period || '-01')::date as starts,
  numerator,
  denominator,
  value,
  n
from indicator_value
where period_kind = 'month'
  and geo_level in ('district', 'subdistrict', 'community')
  and coalesce(flag, '') not like '%partial%'
  and coalesce(flag, '') not like '%unsettled%'
  and ($1 = '' or indicator = $1)
  and ($2 = '' or geo_level = $2)
  and ($3 = '' or geo_code = $3)
order by indicator, geo_level, geo_code, starts;
