-- one row is: one signal whose run of points touches a span, for one area or one of those right below it, what got worse first
-- $1 first day, $2 day after the last, $3 geo level, $4 code, $5 how many at most
select
  s.indicator,
  s.geo_level,
  s.geo_code,
  coalesce(a.name, s.geo_code) as name,
  s.signalled_on,
  s.side,
  s.meaning,
  s.peak,
  s.centre,
  s.ongoing
from signal as s
left join area as a using (geo_level, geo_code)
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
