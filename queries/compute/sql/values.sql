-- one row is: one indicator for one area and one period, with its 95 % interval and flags
-- indicator_meta says for each indicator its kind, scale and interval; poisson_limit holds exact limits by count.
-- smoothed: a share drawn towards the mean of its level and period by the beta-binomial's method of moments, so that small areas can be ranked.
delete from indicator_value;
insert into indicator_value
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of,
    (select date_trunc('month', min(reported_at)) from cases) as first_month
  from snapshot_info
),
valued as (
  select
    t.*,
    m.scale * t.numerator / t.denominator as value,
    t.denominator::bigint as n,
    case m.interval
      when 'wilson' then wilson_low(t.numerator, t.denominator)
      when 'poisson' then m.scale * p.low / t.denominator
    end as low,
    case m.interval
      when 'wilson' then wilson_high(t.numerator, t.denominator)
      when 'poisson' then m.scale * p.high / t.denominator
    end as high,
    m.kind
  from part_total as t
  join indicator_meta as m using (indicator)
  left join poisson_limit as p on m.interval = 'poisson'
    and p.count = t.numerator
  union all by name
  select
    s.indicator,
    s.geo_level,
    s.geo_code,
    s.period_kind,
    s.period,
    s.ended as numerator,
    s.cases as denominator,
    m.scale * s.value as value,
    s.cases as n,
    m.scale * s.low as low,
    m.scale * s.high as high,
    m.kind
  from survival_total as s
  join indicator_meta as m using (indicator)
),
priors as (
  select
    indicator,
    geo_level,
    period_kind,
    period,
    sum(numerator) / sum(denominator) as mean,
    sum(denominator) as total,
    sum(denominator * denominator) as squares,
    count(*) as areas,
    sum(denominator * (numerator / denominator) ** 2) / sum(denominator) - (sum(numerator) / sum(denominator)) ** 2 as spread
  from valued
  where kind = 'share'
  group by indicator, geo_level, period_kind, period
),
strength as (
  select
    *,
    greatest(0, (total * spread - (areas - 1) * mean * (1 - mean)) / nullif(total - squares / total - (areas - 1), 0)) as between_areas
  from priors
),
dated as (
  select
    v.*,
    case v.period_kind
      when 'month' then (v.period || '-01')::date
      when 'quarter' then make_date(left(v.period, 4)::integer, right(v.period, 1)::integer * 3 - 2, 1)
      else make_date(v.period::integer, 1, 1)
    end as starts
  from valued as v
)
select
  d.indicator,
  d.geo_level,
  d.geo_code,
  d.period_kind,
  d.period,
  d.numerator,
  d.denominator,
  d.value,
  d.n,
  d.low,
  d.high,
  nullif(concat_ws(',',
    case when d.n < 30 then 'small_n' end,
    case
      when d.starts + case d.period_kind when 'month' then interval 1 month when 'quarter' then interval 3 month else interval 1 year end
          > date_trunc('day', k.as_of) + interval 1 day
        or d.starts < k.first_month
        then 'partial'
    end,
    case when d.value is null then 'not_reached' end
  ), '') as flag,
  case
    when s.between_areas > 0
      then s.mean + (d.value - s.mean) * d.denominator / (d.denominator + s.mean * (1 - s.mean) / s.between_areas - 1)
    when s.mean is not null
      then s.mean
  end as smoothed
from dated as d
cross join known as k
left join strength as s on d.kind = 'share'
  and s.indicator = d.indicator
  and s.geo_level = d.geo_level
  and s.period_kind = d.period_kind
  and s.period = d.period
order by d.indicator, d.geo_level, d.period_kind, d.period, d.geo_code;
