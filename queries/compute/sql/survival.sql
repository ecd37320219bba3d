-- survival_total: one row is the Kaplan–Meier quantile of one indicator for one area and one period
-- part.duration holds durations by grid and by community: cases that ended there, and all that left the clock there.
-- The interval is the log–log one of Brookmeyer and Crowley (1982); a quantile that is not reached is null.
-- touched_curve: one row is one area and period whose values on one curve are computed again: its durations have changed where a
-- quantile or its limits lie, or before that; case by case that waits, what changes lies far beyond
create or replace temp table touched_curve as
with changed as (
  select
    m.indicator_id as curve_id,
    m.indicator as curve,
    t.area_id,
    p.period_id,
    min(t.duration) as duration
  from touched_area as t
  join indicator_meta as m on m.indicator = t.curve
  join month_period as p using (month)
  group by all
),
reached as (
  select
    c.curve,
    a.area_id,
    p.period_id,
    case
      when count(v.high) = any_value(n.indicators) and count(m.range_high) = 0
        then max(v.high / m.scale)
    end as longest
  from indicator_value as v
  join indicator_meta as m using (indicator)
  join indicator_curve as c using (indicator_id)
  join (select curve, count(*) as indicators from indicator_curve group by curve) as n using (curve)
  join area_key as a using (geo_level, geo_code)
  join period_key as p using (period_kind, period)
  group by c.curve, a.area_id, p.period_id
)
select
  row_number() over ()::integer as number,
  *
from (
  select
    c.curve_id,
    c.curve,
    c.area_id,
    c.period_id
  from changed as c
  left join reached as r using (curve, area_id, period_id)
  where r.longest is null
    or c.duration < r.longest + 0.5
  union
  select
    m.indicator_id,
    m.indicator,
    a.area_id,
    t.period_id
  from touched as t
  join indicator_curve as c using (indicator_id)
  join indicator_meta as m on m.indicator = c.curve
  cross join area_key as a
);

-- survival_leaving: one row is what ended at one duration of one touched curve, or, of a single month, what was last seen there:
-- cases that ended there, and all that left the clock there. Months stand as they are kept, which saves the grouping of more than half of all.
create or replace temp table survival_leaving as
with wanted as (
  select
    t.number,
    t.curve_id,
    t.curve,
    t.area_id,
    m.month,
    p.period_kind = 'month' as is_month
  from touched_curve as t
  join period_key as p using (period_id)
  join month_period as m using (period_id)
),
in_month as (
  select
    w.curve_id,
    d.month,
    d.grid_id,
    d.community_id,
    d.subdistrict_id,
    d.duration,
    d.ended::double as ended,
    d.cases::double as cases
  from part.duration as d
  join (select distinct curve_id, curve, month from wanted) as w on w.curve = d.curve
    and w.month = d.month
),
area_month as (
  select
    curve_id,
    month,
    grid_id as area_id,
    duration,
    ended,
    cases
  from in_month
  where grid_id is not null
  union all
  select
    i.curve_id,
    i.month,
    coalesce(i.community_id, i.subdistrict_id, d.area_id),
    i.duration,
    sum(i.ended),
    sum(i.cases)
  from in_month as i
  cross join (select area_id from area_key where geo_level = 'district') as d
  where i.grid_id is null
  group by grouping sets (
    (i.curve_id, i.month, i.duration, i.community_id),
    (i.curve_id, i.month, i.duration, i.subdistrict_id),
    (i.curve_id, i.month, i.duration, d.area_id)
  )
  having coalesce(i.community_id, i.subdistrict_id, d.area_id) is not null
)
select
  w.number,
  a.duration,
  a.ended,
  a.cases
from area_month as a
join wanted as w on w.curve_id = a.curve_id
  and w.area_id = a.area_id
  and w.month = a.month
where w.is_month
union all
select
  w.number,
  a.duration,
  sum(a.ended),
  sum(a.cases)
from area_month as a
join wanted as w on w.curve_id = a.curve_id
  and w.area_id = a.area_id
  and w.month = a.month
where not w.is_month
group by w.number, a.duration;

create or replace temp table survival_total as
with at_risk as (
  select
    *,
    sum(cases) over (partition by number order by duration range between current row and unbounded following) as risk
  from survival_leaving
),
curve_step as (
  select
    *,
    exp(sum(case when ended < risk then ln(1 - ended / risk) else -1e6 end) over earlier) as survival,
    sum(case when ended < risk then ended / (risk * (risk - ended)) end) over earlier as greenwood
  from at_risk
  window earlier as (partition by number order by duration)
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
  t.area_id,
  t.period_id,
  sum(b.ended) as ended,
  sum(b.cases) as cases,
  min(b.duration) filter (b.survival <= 1 - c.quantile + 1e-9) as value,
  min(b.duration) filter (b.lower_curve <= 1 - c.quantile + 1e-9) as low,
  min(b.duration) filter (b.upper_curve <= 1 - c.quantile + 1e-9) as high
from bounded as b
join touched_curve as t using (number)
join indicator_curve as c using (curve)
group by c.indicator_id, t.area_id, t.period_id;
