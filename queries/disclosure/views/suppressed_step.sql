-- steps of the indices; an indicator's are empty where its value is not shown
create view {{name}} as
with hidden as (
  select
    v.indicator,
    v.geo_level,
    v.geo_code,
    v.period
  from suppressed as s
  join snap.main.indicator_value as v on v.rowid = s.cell
),
hidden_node as (
  select
    n.index_code,
    n.node,
    h.geo_level,
    h.geo_code,
    h.period
  from hidden as h
  join snap.main.index_node as n on n.indicator = h.indicator
)
select
  t.index_code,
  t.geo_level,
  t.geo_code,
  t.period_kind,
  t.period,
  t.node,
  if(h.node is null, t.raw, null) as raw,
  if(h.node is null, t.standard_error, null) as standard_error,
  if(h.node is null, t.imputed, null) as imputed,
  if(h.node is null, t.treated, null) as treated,
  if(h.node is null, t.normalised, null) as normalised,
  if(h.node is null, t.score, null) as score,
  t.share,
  if(h.node is null, t.obstacle, null) as obstacle,
  if(h.node is null, t.moved_by_value, null) as moved_by_value,
  if(h.node is null, t.moved_by_weight, null) as moved_by_weight
from snap.main.index_step as t
left join hidden_node as h on h.index_code = t.index_code
  and h.node = t.node
  and h.geo_level = t.geo_level
  and h.geo_code = t.geo_code
  and h.period = t.period
where getvariable('scope') is null
  or t.geo_level = 'district'
  or (t.geo_level, t.geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
