-- one row is: one signal with its area's name, newest first
-- Parameters: indicator, geo level and area; the empty string stands for all.
select
  s.signal_id,
  s.indicator,
  s.geo_level,
  s.geo_code,
  coalesce(a.name, s.geo_code) as name,
  s.grain,
  s.chart,
  s.first_period,
  s.last_period,
  s.signalled_on,
  s.ongoing,
  s.points,
  s.rules,
  s.side,
  s.meaning,
  s.value,
  s.n,
  s.centre,
  s.low,
  s.high,
  s.z,
  s.peak,
  s.peak_z
from signal as s
left join area as a on a.geo_level = s.geo_level
  and a.geo_code = s.geo_code
where ($1 = '' or s.indicator = $1)
  and ($2 = '' or s.geo_level = $2)
  and ($3 = '' or s.geo_code = $3)
order by s.signalled_on desc, abs(s.z) desc, s.signal_id;
