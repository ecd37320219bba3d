-- one row is: the balance of one indicator over the grids of one area in one period: 1 − Gini of numerator per denominator
-- With loads x in ascending order, G = Σ (2 i − n − 1) x_i / (n Σ x) (Sen 1973). A single grid has no balance.
create or replace temp table balance_total as
with district as (
  select
    max(value) filter (key = 'district_code') as district_code
  from snapshot_info
),
grid as (
  select
    a.indicator,
    p.period_kind,
    p.period,
    a.grid_code,
    a.community_code,
    a.subdistrict_code,
    sum(a.numerator) as numerator,
    sum(a.denominator) as denominator
  from indicator_part as a
  join indicator_meta as m on m.indicator = a.indicator
    and m.kind = 'balance'
  join month_period as p on p.month = a.month
  where a.grid_code is not null
  group by all
  having sum(a.denominator) > 0
),
member as (
  select indicator, period_kind, period, 'community' as geo_level, community_code as geo_code, numerator, denominator
  from grid
  union all
  select indicator, period_kind, period, 'subdistrict', subdistrict_code, numerator, denominator
  from grid
  union all
  select g.indicator, g.period_kind, g.period, 'district', d.district_code, g.numerator, g.denominator
  from grid as g
  cross join district as d
),
ranked as (
  select
    *,
    numerator / denominator as load,
    row_number() over (partition by indicator, period_kind, period, geo_level, geo_code order by numerator / denominator) as place
  from member
  where geo_code is not null
)
select
  indicator,
  geo_level,
  geo_code,
  period_kind,
  period,
  sum(numerator) as numerator,
  sum(denominator) as denominator,
  1 - (2 * sum(place * load) / sum(load) - count(*) - 1) / count(*) as value,
  count(*) as n
from ranked
group by indicator, geo_level, geo_code, period_kind, period
having count(*) >= 2
  and sum(load) > 0;
