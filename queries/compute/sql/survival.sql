-- survival_total: one row is the Kaplan–Meier quantile of one indicator for one area and one period
-- part.duration holds durations by grid and month: cases that ended there, and all that left the clock there.
-- The interval is the log–log one of Brookmeyer and Crowley (1982); a quantile that is not reached is null.
create or replace temp table survival_leaving as
with wanted as (
  select
    m.indicator as curve,
    p.month,
    p.period_id
  from touched as t
  join indicator_meta as m using (indicator_id)
  join month_period as p using (period_id)
),
numbered as (
  select
    d.curve,
    d.month,
    g.area_id as grid_id,
    c.area_id as community_id,
    s.area_id as subdistrict_id,
    t.area_id as district_id,
    d.duration,
    d.ended,
    d.cases
  from part.duration as d
  semi join wanted as w on w.curve = d.curve
    and w.month = d.month
  left join area_key as g on g.geo_level = 'grid' and g.geo_code = d.grid_code
  left join area_key as c on c.geo_level = 'community' and c.geo_code = d.community_code
  left join area_key as s on s.geo_level = 'subdistrict' and s.geo_code = d.subdistrict_code
  join area_key as t on t.geo_level = 'district'
),
area_month as (
  select
    curve,
    month,
    coalesce(community_id, subdistrict_id, district_id) as area_id,
    duration,
    sum(ended) as ended,
    sum(cases) as cases
  from numbered
  group by grouping sets (
    (curve, month, duration, community_id),
    (curve, month, duration, subdistrict_id),
    (curve, month, duration, district_id)
  )
  having coalesce(community_id, subdistrict_id, district_id) is not null
  union all
  -- a grid has too few cases for fine steps to mean anything, and there are many grids
  select
    curve,
    month,
    grid_id,
    coarse_bin(duration),
    sum(ended),
    sum(cases)
  from numbered
  where grid_id is not null
  group by curve, month, grid_id, coarse_bin(duration)
)
select
  a.curve,
  a.area_id,
  p.period_id,
  a.duration,
  sum(a.ended)::double as ended,
  sum(a.cases)::double as cases
from area_month as a
join wanted as p on p.curve = a.curve
  and p.month = a.month
group by a.curve, a.area_id, p.period_id, a.duration;

create or replace temp table survival_total as
with at_risk as (
  select
    *,
    sum(cases) over (
      partition by curve, area_id, period_id
      order by duration
      rows between current row and unbounded following
    ) as risk
  from survival_leaving
),
curve_step as (
  select
    *,
    exp(sum(case when ended < risk then ln(1 - ended / risk) else -1e6 end) over earlier) as survival,
    sum(case when ended < risk then ended / (risk * (risk - ended)) end) over earlier as greenwood
  from at_risk
  window earlier as (partition by curve, area_id, period_id order by duration)
),
bounded as (
  select
    *,
    case
      when survival <= 1e-12 then 0
      when survival >= 1 then 1
      else survival ** exp(1.959963984540054 * sqrt(greenwood) / abs(ln(survival)))
    end as lower_curve,
    case
      when survival <= 1e-12 then null
      when survival >= 1 then 1
      else survival ** exp(-1.959963984540054 * sqrt(greenwood) / abs(ln(survival)))
    end as upper_curve
  from curve_step
)
select
  c.indicator_id,
  b.area_id,
  b.period_id,
  sum(b.ended) as ended,
  sum(b.cases) as cases,
  min(b.duration) filter (b.survival <= 1 - c.quantile + 1e-9) as value,
  min(b.duration) filter (b.lower_curve <= 1 - c.quantile + 1e-9) as low,
  min(b.duration) filter (b.upper_curve <= 1 - c.quantile + 1e-9) as high
from bounded as b
join indicator_curve as c on c.curve = b.curve
group by c.indicator_id, b.area_id, b.period_id;
