-- one row is: one area that the analysis of one period leaves out, and why; $1 geo level, $2 period
select
  l.geo_code,
  coalesce(a.name, l.geo_code),
  l.reason
from dea_left_out as l
left join area as a on a.geo_level = l.geo_level
  and a.geo_code = l.geo_code
where l.geo_level = $1
  and l.period = $2
order by l.reason, l.geo_code
