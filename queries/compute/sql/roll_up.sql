-- one row is: numerator and denominator of one indicator for one area and one period
-- part_month holds them by grid and month; parts are additive, so every other level and period is a sum.
create or replace temp table part_total as
with district as (
  select
    max(value) filter (key = 'district_code') as code
  from snapshot_info
),
dated as (
  select
    p.indicator,
    d.code as district_code,
    p.subdistrict_code,
    p.community_code,
    p.grid_code,
    strftime(p.month, '%Y-%m') as month,
    year(p.month) || '-Q' || quarter(p.month) as quarter,
    strftime(p.month, '%Y') as year,
    p.numerator,
    p.denominator
  from part_month as p
  cross join district as d
)
select
  indicator,
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
  sum(numerator) as numerator,
  sum(denominator) as denominator
from dated
group by grouping sets (
  (indicator, district_code, month), (indicator, district_code, quarter), (indicator, district_code, year),
  (indicator, subdistrict_code, month), (indicator, subdistrict_code, quarter), (indicator, subdistrict_code, year),
  (indicator, community_code, month), (indicator, community_code, quarter), (indicator, community_code, year),
  (indicator, grid_code, month), (indicator, grid_code, quarter), (indicator, grid_code, year)
)
having sum(denominator) > 0
  and coalesce(grid_code, community_code, subdistrict_code, district_code) is not null;
