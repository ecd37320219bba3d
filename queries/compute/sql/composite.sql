-- one row is: one composite of whole_total for one area and one period, with the flags of its period
insert into indicator_value
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of,
    (select date_trunc('month', min(reported_at)) from cases) as first_month
  from snapshot_info
),
period as (
  select distinct
    period_kind,
    period,
    starts,
    ends
  from month_period
)
select
  w.indicator,
  w.geo_level,
  w.geo_code,
  w.period_kind,
  w.period,
  w.numerator,
  w.denominator,
  w.value,
  w.n,
  null,
  null,
  nullif(concat_ws(',',
    case when w.n < 30 then 'small_n' end,
    case when p.ends > date_trunc('day', k.as_of) + interval 1 day or p.starts < k.first_month then 'partial' end,
    case when i.indicator is not null then 'incomplete' end
  ), ''),
  null
from whole_total as w
cross join known as k
join period as p using (period_kind, period)
left join incomplete as i on i.indicator = w.indicator
  and i.period_kind = w.period_kind
  and i.period = w.period
order by w.indicator, w.geo_level, w.period_kind, w.period, w.geo_code;
