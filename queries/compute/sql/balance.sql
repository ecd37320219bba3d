-- one row is: the balance of one indicator over the grids of one area in one period: 1 − Gini of numerator per denominator
-- With loads x in ascending order, G = Σ (2 i − n − 1) x_i / (n Σ x) (Sen 1973). A single grid has no balance.
create or replace temp table balance_total as
with grid as (
  select
    b.indicator_id,
    p.period_id,
    b.grid_code,
    b.community_code,
    b.subdistrict_code,
    sum(b.numerator) as numerator,
    sum(b.denominator) as denominator
  from balance_part as b
  join month_period as p on p.month = b.month
  join touched as t on t.indicator_id = b.indicator_id
    and t.period_id = p.period_id
  group by all
),
member as (
  select g.*, a.area_id
  from grid as g
  join area_key as a on a.geo_level = 'community'
    and a.geo_code = g.community_code
  union all
  select g.*, a.area_id
  from grid as g
  join area_key as a on a.geo_level = 'subdistrict'
    and a.geo_code = g.subdistrict_code
  union all
  select g.*, a.area_id
  from grid as g
  join area_key as a on a.geo_level = 'district'
),
ranked as (
  select
    *,
    numerator / denominator as load,
    row_number() over (partition by indicator_id, period_id, area_id order by numerator / denominator) as place
  from member
)
select
  indicator_id,
  area_id,
  period_id,
  sum(numerator) as numerator,
  sum(denominator) as denominator,
  1 - (2 * sum(place * load) / sum(load) - count(*) - 1) / count(*) as value,
  count(*) as n
from ranked
group by indicator_id, area_id, period_id
having count(*) >= 2
  and sum(load) > 0;
