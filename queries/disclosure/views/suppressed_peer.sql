-- areas that others are measured against; where an output of the measured area is not shown, neither are the weights,
-- with which it could be made up again from its peers' outputs
create view {{name}} as
with hidden as (
  select distinct
    v.geo_level,
    v.geo_code,
    v.period
  from suppressed as s
  join snap.main.indicator_value as v on v.rowid = s.cell
  where v.indicator in ('F13', 'F51')
)
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
  if(h.period is null, p.weight, null) as weight
from snap.main.dea_peer as p
left join hidden as h on h.geo_level = p.geo_level
  and h.geo_code = p.geo_code
  and h.period = p.period
where getvariable('scope') is null
  or (p.geo_level, p.geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
