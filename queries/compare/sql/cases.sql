-- one row is: the cases reported, or closed, in one area per month of one period up to the last; parameters as in values.sql
-- Quarters and years count per month that the data cover, so that a year that is not over compares with a whole one.
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
),
monthly as (
  select
    m.month,
    coalesce(sum(c.reported), 0) as reported,
    coalesce(sum(c.closed), 0) as closed
  from data_month as m
  left join case_month as c on c.month = m.month
    and ($1 = 'district' or case $1 when 'subdistrict' then c.subdistrict_code when 'community' then c.community_code else c.grid_code end = $2)
  group by m.month
),
named as (
  select
    case $3 when 'month' then strftime(month, '%Y-%m') when 'quarter' then year(month) || '-Q' || quarter(month) else strftime(month, '%Y') end as period,
    avg(reported) as reported,
    avg(closed) as closed,
    max(last_day(month)) > max(k.as_of)::date as is_partial
  from monthly
  cross join known as k
  group by 1
),
counted as (
  select 'cases_reported' as code, period, reported as value, is_partial from named
  union all
  select 'cases_closed', period, closed, is_partial from named
)
select
  code,
  period,
  value as numerator,
  null as denominator,
  value,
  round(value)::bigint as n,
  null as low,
  null as high,
  case when is_partial then 'partial' else '' end as flag
from counted
where period <= $4
  or ($3 = 'month' and $4 = left($4, 4) || '-01' and period = left($4, 4) || '-02')
