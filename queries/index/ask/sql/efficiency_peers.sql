-- one row is: one area that another is measured against in one period; its code is empty where it is not shown; $1 geo level, $2 period
select
  p.geo_code,
  coalesce(a.name, p.geo_code),
  coalesce(p.peer, ''),
  coalesce(b.name, p.peer, ''),
  p.weight
from dea_peer as p
left join area as a on a.geo_level = p.geo_level
  and a.geo_code = p.geo_code
left join area as b on b.geo_level = p.geo_level
  and b.geo_code = p.peer
where p.geo_level = $1
  and p.period = $2
order by p.geo_code, p.weight desc, p.peer
