-- one row is: what one area put in and got out in one quarter or year; also areas of which that is not known
-- workers: grid workers in post at the ends of the period's months, on average
-- hours: hours of training that the workers in post at the period's end had in the 12 months before; null where training is not known that long, or nobody was in post then
-- training_known: whether training is known that long
-- on_time: cases closed in time (numerator of F13); satisfied: satisfied answers (numerator of F51); a count of none is 0
with post as (
  select
    s.month,
    s.community_code,
    s.subdistrict_code,
    count(*) as workers,
    sum(s.hours_12_months) as hours
  from staff_month as s
  where s.is_grid_worker
  group by s.month, s.community_code, s.subdistrict_code
),
by_area as (
  select
    'community' as geo_level,
    community_code as geo_code,
    month,
    sum(workers) as workers,
    sum(hours) as hours
  from post
  group by community_code, month
  union all
  select
    'subdistrict',
    subdistrict_code,
    month,
    sum(workers),
    sum(hours)
  from post
  group by subdistrict_code, month
),
period_month as (
  select
    month,
    'quarter' as period_kind,
    year(month) || '-Q' || quarter(month) as period
  from data_month
  union all
  select
    month,
    'year',
    year(month)::varchar
  from data_month
),
span as (
  select
    period_kind,
    period,
    count(*) as months,
    max(month) as last_month
  from period_month
  group by period_kind, period
),
trained as (
  select
    month,
    count(hours) > 0 as is_known
  from post
  group by month
),
put_in as (
  select
    a.geo_level,
    a.geo_code,
    p.period_kind,
    p.period,
    sum(a.workers) / any_value(s.months) as workers,
    max(a.hours) filter (a.month = s.last_month) as hours
  from by_area as a
  join period_month as p using (month)
  join span as s using (period_kind, period)
  group by a.geo_level, a.geo_code, p.period_kind, p.period
),
got_out as (
  select
    geo_level,
    geo_code,
    period_kind,
    period,
    max(numerator) filter (indicator = 'F13') as on_time,
    max(numerator) filter (indicator = 'F51') as satisfied,
    coalesce(bool_or(contains(flag, 'partial')), false) as is_partial
  from indicator_value
  where indicator in ('F13', 'F51')
    and geo_level in ('community', 'subdistrict')
    and period_kind in ('quarter', 'year')
  group by geo_level, geo_code, period_kind, period
)
select
  a.geo_level,
  s.period_kind,
  s.period,
  a.geo_code,
  i.workers,
  i.hours,
  coalesce(o.on_time, 0) as on_time,
  coalesce(o.satisfied, 0) as satisfied,
  coalesce(o.is_partial, false) as is_partial,
  coalesce(t.is_known, false) as training_known
from area as a
cross join span as s
left join put_in as i on i.geo_level = a.geo_level
  and i.geo_code = a.geo_code
  and i.period_kind = s.period_kind
  and i.period = s.period
left join got_out as o on o.geo_level = a.geo_level
  and o.geo_code = a.geo_code
  and o.period_kind = s.period_kind
  and o.period = s.period
left join trained as t on t.month = s.last_month
where a.geo_level in ('community', 'subdistrict')
  and (a.in_force or i.workers is not null)
  and exists (from indicator_value where indicator = 'F13' and numerator is not null)
  and exists (from indicator_value where indicator = 'F51' and numerator is not null)
order by a.geo_level, s.period_kind, s.period, a.geo_code
