-- one row is: one indicator of one area among those right below another, in one period
-- $1 level of the area above, $2 its code, $3 period
select
  v.indicator,
  v.geo_code,
  a.name,
  v.value
from area as a
join indicator_value as v using (geo_level, geo_code)
where a.parent_level = $1
  and a.parent_code = $2
  and v.period = $3
  and v.value is not null
order by v.indicator, v.geo_code
