-- one row is: one indicator for one area and one period, with its 95 % interval and flags
-- indicator_meta says for each indicator its kind, scale and interval; poisson_limit and t_limit hold exact limits by count.
-- smoothed: drawn towards the mean of its level and period, so that small areas can be ranked: shares by the beta-binomial,
-- rates with a Poisson interval by the gamma-Poisson model, both fitted by moments (package stat says how).
delete from indicator_value;
insert into indicator_value
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of,
    (select date_trunc('month', min(reported_at)) from cases) as first_month
  from snapshot_info
),
ratio as (
  select
    t.indicator,
    t.geo_level,
    t.geo_code,
    t.period_kind,
    t.period,
    t.numerator,
    t.denominator,
    m.scale * t.numerator / t.denominator as value,
    round(t.denominator)::bigint as n,
    m.scale * sqrt(greatest(0, t.squares - t.numerator * t.numerator / t.denominator) / nullif(t.denominator - 1, 0) / t.denominator) as error,
    m.kind,
    m.interval,
    m.scale
  from part_total as t
  join indicator_meta as m using (indicator)
  where m.kind in ('share', 'rate', 'mean')
    and t.denominator > 0
    and t.numerator is not null
),
valued as (
  select
    r.indicator,
    r.geo_level,
    r.geo_code,
    r.period_kind,
    r.period,
    r.numerator,
    r.denominator,
    r.value,
    r.n,
    case r.interval
      when 'wilson' then wilson_low(r.numerator, r.denominator)
      when 'poisson' then r.scale * p.low / r.denominator
      when 't' then r.value - coalesce(t.t, 1.959963984540054) * r.error
    end as low,
    case r.interval
      when 'wilson' then wilson_high(r.numerator, r.denominator)
      when 'poisson' then r.scale * p.high / r.denominator
      when 't' then r.value + coalesce(t.t, 1.959963984540054) * r.error
    end as high
  from ratio as r
  left join poisson_limit as p on r.interval = 'poisson'
    and p.count = r.numerator
  left join t_limit as t on r.interval = 't'
    and t.n = r.n
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
    s.cases::bigint as n,
    m.scale * s.low as low,
    m.scale * s.high as high
  from survival_total as s
  join indicator_meta as m using (indicator)
  union all by name
  select
    indicator,
    geo_level,
    geo_code,
    period_kind,
    period,
    numerator,
    denominator,
    numerator / denominator as value,
    n
  from evenness_total
  union all by name
  select *
  from balance_total
  union all by name
  select *
  from whole_total
),
prior as (
  select
    v.indicator,
    v.geo_level,
    v.period_kind,
    v.period,
    any_value(m.kind) as kind,
    sum(v.numerator) / sum(v.denominator) as mean,
    sum(v.denominator) as total,
    sum(v.denominator * v.denominator) as squares,
    count(*) as areas,
    sum(v.denominator * (v.numerator / v.denominator) ** 2) - sum(v.numerator) ** 2 / sum(v.denominator) as spread
  from valued as v
  join indicator_meta as m using (indicator)
  where m.kind = 'share'
    or m.interval = 'poisson'
  group by v.indicator, v.geo_level, v.period_kind, v.period
),
strength as (
  -- how many cases of an area weigh as much as the mean of all: infinitely many where areas differ by chance alone
  select
    indicator,
    geo_level,
    period_kind,
    period,
    mean,
    case kind
      when 'share'
        then mean * (1 - mean) / nullif(greatest(0, (spread - (areas - 1) * mean * (1 - mean)) / nullif(total - squares / total - (areas - 1), 0)), 0) - 1
      else mean / nullif(greatest(0, (spread - (areas - 1) * mean) / nullif(total - squares / total, 0)), 0)
    end as prior_n
  from prior
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
  v.indicator,
  v.geo_level,
  v.geo_code,
  v.period_kind,
  v.period,
  v.numerator,
  v.denominator,
  v.value,
  v.n,
  greatest(v.low, m.range_low) as low,
  least(v.high, m.range_high) as high,
  nullif(concat_ws(',',
    case when v.n < m.least_n or (m.kind = 'balance' and v.numerator < 20 * v.n) then 'small_n' end,
    case when p.ends > date_trunc('day', k.as_of) + interval 1 day or p.starts < k.first_month then 'partial' end,
    case when i.indicator is not null then 'incomplete' end,
    case when v.value is null then 'not_reached' end
  ), '') as flag,
  case
    when s.prior_n is not null
      then m.scale * (s.mean + (v.numerator / v.denominator - s.mean) * v.denominator / (v.denominator + s.prior_n))
    when s.mean is not null
      then m.scale * s.mean
  end as smoothed
from valued as v
cross join known as k
join indicator_meta as m using (indicator)
join period as p using (period_kind, period)
left join incomplete as i on i.indicator = v.indicator
  and i.period_kind = v.period_kind
  and i.period = v.period
left join strength as s on s.indicator = v.indicator
  and s.geo_level = v.geo_level
  and s.period_kind = v.period_kind
  and s.period = v.period
order by v.indicator, v.geo_level, v.period_kind, v.period, v.geo_code;
