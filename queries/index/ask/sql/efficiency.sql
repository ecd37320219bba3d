-- one row is: one area's efficiency in one period, with its change since the period before; $1 geo level, $2 period
select
  v.geo_code,
  coalesce(a.name, v.geo_code),
  v.ccr,
  v.bcc,
  v.scale,
  coalesce(v.returns, ''),
  v.super,
  coalesce(v.super_note, ''),
  v.corrected,
  v.low,
  v.high,
  v.areas,
  coalesce(c.previous, ''),
  c.malmquist,
  c.catching_up,
  c.frontier_shift,
  c.pure,
  c.scale
from dea_value as v
left join area as a on a.geo_level = v.geo_level
  and a.geo_code = v.geo_code
left join dea_change as c on c.geo_level = v.geo_level
  and c.geo_code = v.geo_code
  and c.period = v.period
where v.geo_level = $1
  and v.period = $2
order by v.ccr desc, v.geo_code
