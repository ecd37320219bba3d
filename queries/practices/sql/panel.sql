-- one row is: one area of a geo level in one month, with an indicator's parts and when the practice began there
-- Parameters: indicator, geo level, practice. Months that are not complete or still move have no row.
-- started: the first month that the practice was there from the first day to the last; a month in which it began or had
-- already ended belongs to neither side (aside). other: another practice is known in the area or its parent.
with running as (
  select
    geo_code,
    min(started_on) as started_on,
    min(ended_on) as ended_on
  from interventions
  where practice = $3
    and geo_level = $2
  group by geo_code
),
others as (
  select distinct
    geo_code
  from interventions
  where practice <> $3
),
valued as (
  select
    geo_code,
    (period || '-01')::date as month,
    numerator,
    denominator,
    value
  from indicator_value
  where indicator = $1
    and geo_level = $2
    and period_kind = 'month'
    and coalesce(flag, '') not like '%partial%'
    and coalesce(flag, '') not like '%unsettled%'
)
select
  v.geo_code,
  coalesce(a.parent_code, '') as parent_code,
  v.month,
  v.numerator,
  v.denominator,
  v.value,
  case
    when r.started_on = date_trunc('month', r.started_on)
      then r.started_on
    else date_trunc('month', r.started_on)::date + interval 1 month
  end::date as started,
  coalesce(v.month = date_trunc('month', r.started_on) and r.started_on > v.month, false)
    or coalesce(v.month >= date_trunc('month', r.ended_on), false) as aside,
  exists (from others as o where o.geo_code in (v.geo_code, a.parent_code)) as other
from valued as v
left join area as a on a.geo_level = $2
  and a.geo_code = v.geo_code
left join running as r on r.geo_code = v.geo_code
order by v.geo_code, v.month;
