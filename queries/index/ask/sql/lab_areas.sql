-- one row is: one area that has an index row in one period; $1 index, $2 geo level, $3 period
select
  v.geo_code,
  coalesce(a.name, v.geo_code),
  coalesce(a.parent_code, '')
from index_value as v
left join area as a on a.geo_level = v.geo_level
  and a.geo_code = v.geo_code
where v.index_code = $1
  and v.geo_level = $2
  and v.period = $3
order by v.geo_code
