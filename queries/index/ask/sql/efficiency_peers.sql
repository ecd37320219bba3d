-- one row is: one area that another is measured against; $1 geo level, $2 code, $3 period
select
  p.peer,
  coalesce(a.name, p.peer),
  p.weight
from dea_peer as p
left join area as a on a.geo_level = p.geo_level
  and a.geo_code = p.peer
where p.geo_level = $1
  and p.geo_code = $2
  and p.period = $3
order by p.weight desc, p.peer
