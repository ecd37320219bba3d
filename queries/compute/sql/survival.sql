-- one row is: the Kaplan–Meier quantile of one indicator for one area and one period
-- survival_month holds durations in hours by grid and month: ended cases (events) and all cases that left at that duration.
-- The interval is the log–log one of Brookmeyer and Crowley (1982); a quantile that is not reached is null.
create or replace temp table survival_total as
with district as (
  select
    max(value) filter (key = 'district_code') as code
  from snapshot_info
),
dated as (
  select
    s.indicator,
    s.quantile,
    d.code as district_code,
    s.subdistrict_code,
    s.community_code,
    s.grid_code,
    strftime(s.month, '%Y-%m') as month,
    year(s.month) || '-Q' || quarter(s.month) as quarter,
    strftime(s.month, '%Y') as year,
    s.duration,
    s.ended,
    s.cases
  from survival_month as s
  cross join district as d
),
leaving as (
  select
    indicator,
    quantile,
    case
      when grouping(grid_code) = 0 then 'grid'
      when grouping(community_code) = 0 then 'community'
      when grouping(subdistrict_code) = 0 then 'subdistrict'
      else 'district'
    end as geo_level,
    coalesce(grid_code, community_code, subdistrict_code, district_code) as geo_code,
    case
      when grouping(month) = 0 then 'month'
      when grouping(quarter) = 0 then 'quarter'
      else 'year'
    end as period_kind,
    coalesce(month, quarter, year) as period,
    duration,
    sum(ended) as ended,
    sum(cases) as cases
  from dated
  group by grouping sets (
    (indicator, quantile, duration, district_code, month), (indicator, quantile, duration, district_code, quarter), (indicator, quantile, duration, district_code, year),
    (indicator, quantile, duration, subdistrict_code, month), (indicator, quantile, duration, subdistrict_code, quarter), (indicator, quantile, duration, subdistrict_code, year),
    (indicator, quantile, duration, community_code, month), (indicator, quantile, duration, community_code, quarter), (indicator, quantile, duration, community_code, year),
    (indicator, quantile, duration, grid_code, month), (indicator, quantile, duration, grid_code, quarter), (indicator, quantile, duration, grid_code, year)
  )
  having coalesce(grid_code, community_code, subdistrict_code, district_code) is not null
),
at_risk as (
  select
    *,
    sum(cases) over later as risk
  from leaving
  window later as (partition by indicator, geo_level, geo_code, period_kind, period order by duration desc)
),
curve as (
  select
    *,
    exp(sum(case when ended < risk then ln(1 - ended / risk) else -1e6 end) over earlier) as survival,
    sum(case when ended < risk then ended / (risk * (risk - ended)) end) over earlier as greenwood
  from at_risk
  window earlier as (partition by indicator, geo_level, geo_code, period_kind, period order by duration)
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
  from curve
)
select
  indicator,
  geo_level,
  geo_code,
  period_kind,
  period,
  sum(ended) as ended,
  sum(cases) as cases,
  min(duration) filter (survival <= 1 - quantile + 1e-9) as value,
  min(duration) filter (lower_curve <= 1 - quantile + 1e-9) as low,
  min(duration) filter (upper_curve <= 1 - quantile + 1e-9) as high
from bounded
group by indicator, geo_level, geo_code, period_kind, period;
