-- areas that others are measured against: those of the subdistrict's areas, without the codes of peers outside it
create view {{name}} as
select
  p.geo_level,
  p.geo_code,
  p.period_kind,
  p.period,
  if(
    getvariable('scope') is null
    or (p.geo_level, p.peer) in (
      select
        (geo_level, geo_code)
      from scope_area
    ),
    p.peer,
    null
  ) as peer,
  p.weight
from snap.main.dea_peer as p
where getvariable('scope') is null
  or (p.geo_level, p.geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
