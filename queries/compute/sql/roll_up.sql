-- area_month: one row is one part of one indicator for one area and one month; areas add up
create or replace temp table area_month as
with district as (
  select
    max(value) filter (key = 'district_code') as district_code
  from snapshot_info
)
select
  p.indicator,
  p.part,
  case
    when grouping(p.grid_code) = 0 then 'grid'
    when grouping(p.community_code) = 0 then 'community'
    when grouping(p.subdistrict_code) = 0 then 'subdistrict'
    else 'district'
  end as geo_level,
  coalesce(p.grid_code, p.community_code, p.subdistrict_code, d.district_code) as geo_code,
  p.month,
  sum(p.numerator) as numerator,
  sum(p.denominator) as denominator,
  sum(p.squares) as squares
from indicator_part as p
cross join district as d
group by grouping sets (
  (p.indicator, p.part, p.month, d.district_code),
  (p.indicator, p.part, p.month, p.subdistrict_code),
  (p.indicator, p.part, p.month, p.community_code),
  (p.indicator, p.part, p.month, p.grid_code)
)
having coalesce(p.grid_code, p.community_code, p.subdistrict_code, d.district_code) is not null;

-- part_total: one row is one part of one indicator for one area and one period
-- Flows add up over months, stocks are averaged or taken from the last month that the district has, as the header says.
create or replace temp table part_total as
with last_month as (
  select
    a.indicator,
    p.period_kind,
    p.period,
    max(a.month) as month
  from (select distinct indicator, month from indicator_part) as a
  join month_period as p using (month)
  where p.period_kind <> 'month'
  group by all
)
select
  a.indicator,
  a.part,
  a.geo_level,
  a.geo_code,
  p.period_kind,
  p.period,
  a.numerator,
  a.denominator,
  a.squares
from area_month as a
join month_period as p on p.month = a.month
  and p.period_kind = 'month'
union all
select
  a.indicator,
  a.part,
  a.geo_level,
  a.geo_code,
  p.period_kind,
  p.period,
  case any_value(m.numerator_over)
    when 'sum' then sum(a.numerator)
    when 'mean' then sum(a.numerator) / count(*)
    else sum(a.numerator) filter (a.month = l.month)
  end,
  case any_value(m.denominator_over)
    when 'sum' then sum(a.denominator)
    when 'mean' then sum(a.denominator) / count(*)
    else sum(a.denominator) filter (a.month = l.month)
  end,
  sum(a.squares)
from area_month as a
join month_period as p on p.month = a.month
  and p.period_kind <> 'month'
join indicator_meta as m on m.indicator = a.indicator
join last_month as l on l.indicator = a.indicator
  and l.period_kind = p.period_kind
  and l.period = p.period
group by a.indicator, a.part, a.geo_level, a.geo_code, p.period_kind, p.period;
