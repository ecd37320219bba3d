-- inputs and outputs of the efficiency analysis; outputs are empty where the indicator that counts them is not shown
create view {{name}} as
with hidden as (
  select
    case v.indicator when 'F13' then 'on_time_closures' else 'satisfied_answers' end as part,
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
  p.part,
  p.is_input,
  if(h.part is null, p.amount, null) as amount,
  if(h.part is null, p.slack, null) as slack,
  if(h.part is null, p.target, null) as target
from snap.main.dea_part as p
left join hidden as h on h.part = p.part
  and h.geo_level = p.geo_level
  and h.geo_code = p.geo_code
  and h.period = p.period
where getvariable('scope') is null
  or p.geo_level = 'district'
  or (p.geo_level, p.geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
