-- one row is: one indicator for one area and one period, with its 95 % interval and flags
-- smoothed: drawn towards the mean of its level and period, so that small areas can be ranked: sampled shares by the beta-binomial,
-- rates with a Poisson interval by the gamma-Poisson model, both fitted by moments (package stat says how).
-- Rows come in the order of level, area and period, since most questions of pages are about one area; a ranking reads its level.
insert into indicator_value
with ratio as (
  select
    t.indicator_id,
    t.area_id,
    t.period_id,
    t.numerator,
    t.denominator,
    m.scale * t.numerator / t.denominator as value,
    -- sums of fractions end differently with their order, which must not decide between 31 and 32
    round(round(t.denominator, 6))::bigint as n,
    m.scale * sqrt(greatest(0, t.squares - t.numerator * t.numerator / t.denominator) / nullif(t.denominator - 1, 0) / t.denominator) as error,
    m.interval,
    m.scale,
    -- only rows of these intervals look a limit up
    case when m.interval = 'poisson' then t.numerator end as poisson_count,
    case when m.interval = 't' then round(round(t.denominator, 6))::bigint end as t_n
  from part_total as t
  join indicator_meta as m using (indicator_id)
),
valued as (
  select
    r.indicator_id,
    r.area_id,
    r.period_id,
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
  left join poisson_limit as p on p.count = r.poisson_count
  left join t_limit as t on t.n = r.t_n
  union all by name
  select
    s.indicator_id,
    s.area_id,
    s.period_id,
    s.ended as numerator,
    s.cases as denominator,
    m.scale * s.value as value,
    s.cases::bigint as n,
    m.scale * s.low as low,
    m.scale * s.high as high
  from survival_total as s
  join indicator_meta as m using (indicator_id)
  union all by name
  select
    *,
    numerator / denominator as value
  from evenness_total
  union all by name
  select *
  from balance_total
  union all by name
  select
    m.indicator_id,
    a.area_id,
    p.period_id,
    w.numerator,
    w.denominator,
    w.value,
    coalesce(w.n, round(round(w.denominator, 6))::bigint) as n
  from whole_total as w
  join indicator_meta as m using (indicator)
  join area_key as a using (geo_level, geo_code)
  join period_key as p using (period_kind, period)
),
prior as (
  select
    t.indicator_id,
    a.level_id,
    t.period_id,
    any_value(m.kind) as kind,
    sum(t.numerator) / sum(t.denominator) as mean,
    sum(t.denominator) as total,
    sum(t.denominator * t.denominator) as squares,
    count(*) as areas,
    sum(t.numerator * t.numerator / t.denominator) - sum(t.numerator) ** 2 / sum(t.denominator) as spread
  from part_total as t
  join indicator_meta as m using (indicator_id)
  join area_key as a using (area_id)
  where m.interval in ('wilson', 'poisson')
  group by t.indicator_id, a.level_id, t.period_id
),
strength as (
  -- how many cases of an area weigh as much as the mean of all: null where areas differ by chance alone
  select
    indicator_id,
    level_id,
    period_id,
    mean,
    case kind
      -- 1 / rho − 1, with rho the correlation within areas, below 1 as in package stat
      when 'share'
        then 1 / nullif(least(1 - 1e-9, greatest(0, (spread / nullif(mean * (1 - mean), 0) - (areas - 1)) / nullif(total - squares / total - (areas - 1), 0))), 0) - 1
      else mean / nullif(greatest(0, (spread - (areas - 1) * mean) / nullif(total - squares / total, 0)), 0)
    end as prior_n
  from prior
)
select
  m.indicator,
  a.geo_level,
  a.geo_code,
  p.period_kind,
  p.period,
  v.numerator,
  v.denominator,
  v.value,
  v.n,
  greatest(v.low, m.range_low) as low,
  least(v.high, m.range_high) as high,
  nullif(concat_ws(',',
    case when v.n < m.least_n or (m.kind = 'balance' and v.numerator < 20 * v.n) then 'small_n' end,
    case when p.is_partial then 'partial' end,
    case when m.settles > 0 and p.days_known < m.settles then 'unsettled' end,
    case when i.indicator_id is not null then 'incomplete' end,
    case when v.value is null then 'not_reached' end
  ), '') as flag,
  m.scale * (s.mean + coalesce((v.numerator / v.denominator - s.mean) * v.denominator / (v.denominator + s.prior_n), 0)) as smoothed,
  right(a.geo_code, 8) as geo_code_end
from valued as v
join indicator_meta as m using (indicator_id)
join area_key as a using (area_id)
join period_key as p using (period_id)
left join incomplete as i on i.indicator_id = v.indicator_id
  and i.period_id = v.period_id
left join strength as s on s.indicator_id = v.indicator_id
  and s.level_id = a.level_id
  and s.period_id = v.period_id
order by v.area_id, v.period_id, v.indicator_id;
