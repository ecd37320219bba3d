-- values of indicators; those of few cases and those that would give them away are empty and flagged "suppressed"
-- Their n reads 0, since a value always comes with a count; the flag says that the true one is not shown.
create view {{name}} as
select
  v.indicator,
  v.geo_level,
  v.geo_code,
  v.period_kind,
  v.period,
  if(s.cell is null, v.numerator, null) as numerator,
  if(s.cell is null, v.denominator, null) as denominator,
  if(s.cell is null, v.value, null) as value,
  if(s.cell is null, v.n, 0) as n,
  if(s.cell is null, v.low, null) as low,
  if(s.cell is null, v.high, null) as high,
  if(s.cell is null, v.flag, 'suppressed') as flag,
  if(s.cell is null, v.smoothed, null) as smoothed,
  v.geo_code_end
from snap.main.indicator_value as v
left join suppressed as s on s.cell = v.rowid
where getvariable('scope') is null
  or v.geo_level = 'district'
  or (v.geo_level, v.geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
