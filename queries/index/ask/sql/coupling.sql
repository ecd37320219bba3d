-- one row is: the coupling coordination of the two headline indices for one area of a level in one period; $1 geo level, $2 period
select
  c.geo_code,
  coalesce(a.name, c.geo_code),
  c.coupling,
  c.common_level,
  c.coordination,
  c.grade
from index_coupling as c
left join area as a on a.geo_level = c.geo_level
  and a.geo_code = c.geo_code
where c.geo_level = $1
  and c.period = $2
order by c.coordination desc, c.geo_code
