-- one row is: one signal with its area and the area above that, what got worse first
select
  s.indicator,
  s.geo_level,
  s.geo_code,
  coalesce(a.name, s.geo_code) as name,
  coalesce(a.parent_level, ''),
  coalesce(a.parent_code, ''),
  s.last_period,
  s.signalled_on,
  s.side,
  s.meaning,
  s.peak,
  s.centre,
  s.ongoing
from signal as s
left join area as a using (geo_level, geo_code)
where s.last_period is not null
order by
  s.meaning = 'worse' desc,
  abs(s.peak_z) desc,
  s.signal_id
