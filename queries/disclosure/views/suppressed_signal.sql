-- signals; one of an indicator's month is left out where the month's value is not shown
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}} as g
where (
    getvariable('scope') is null
    or g.geo_level = 'district'
    or (g.geo_level, g.geo_code) in (
      select
        (geo_level, geo_code)
      from scope_area
    )
  )
  and not exists (
    select
      1
    from suppressed as s
    join snap.main.indicator_value as v on v.rowid = s.cell
    where g.grain = 'month'
      and v.indicator = g.indicator
      and v.geo_level = g.geo_level
      and v.geo_code = g.geo_code
      and v.period = strftime(g.first_period, '%Y-%m')
  )
