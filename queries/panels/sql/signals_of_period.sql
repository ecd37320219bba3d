-- one row is: one signal whose run of points touches a span, for one area or one of those right below it, what got worse first
-- value: that of the period where the signal is of the same kind of period, else the point farthest off
-- $1 first day, $2 day after the last, $3 geo level, $4 code, $5 how many at most, $6 the period
select
  s.indicator,
  s.geo_level,
  s.geo_code,
  coalesce(a.name, s.geo_code) as name,
  s.signalled_on,
  s.side,
  s.meaning,
  coalesce(v.value, s.peak) as value,
  s.centre,
  s.ongoing
from signal as s
left join area as a using (geo_level, geo_code)
left join indicator_value as v on v.indicator = s.indicator
  and v.geo_level = s.geo_level
  and v.geo_code = s.geo_code
  and v.period = $6
where s.last_period < $2
  and s.last_period >= $1
  and (
    (s.geo_level = $3 and s.geo_code = $4)
    or (a.parent_level = $3 and a.parent_code = $4)
  )
order by
  s.meaning = 'worse' desc,
  abs(s.peak_z) desc,
  s.signal_id
limit $5
