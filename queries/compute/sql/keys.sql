-- Areas and periods go by numbers while values are computed, since everything is joined and sorted by them.
-- area_key: one row is one area that some grid belongs or belonged to
create or replace temp table area_key as
with place as (
  select 'district' as geo_level, max(value) filter (key = 'district_code') as geo_code from snapshot_info
  union
  select 'subdistrict', subdistrict_code from grids
  union
  select 'community', community_code from grids
  union
  select 'grid', grid_code from grids
  union
  select 'subdistrict', case direction when 'department_on_subdistrict' then to_org else from_org end from appraisals
  union
  select geo_level, geo_code from boundary_area
)
select
  row_number() over (order by geo_level, geo_code)::integer as area_id,
  geo_level,
  geo_code,
  dense_rank() over (order by geo_level)::integer as level_id
from place
where geo_code is not null;

-- period_key: one row is one month, quarter or year that touches the data; partial: it is not over, or began before the data;
-- days_known: how long after its end the data go on
create or replace temp table period_key as
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of,
    (select date_trunc('month', min(day)) from part.feed_day where feed = 'cases') as first_month
  from snapshot_info
),
month as (
  select
    unnest(generate_series(date_trunc('month', (select min(day)::timestamp from part.feed_day where feed in ('cases', 'satisfaction', 'activities', 'appraisals'))), greatest(
      max(k.as_of),
      (select max(closed_at) from cases),
      (select max(day) from part.feed_day where feed in ('satisfaction', 'activities', 'appraisals')),
      (select max(loaded_at) from load)
    ), interval 1 month))::date as month
  from known as k
),
period as (
  select distinct 'month' as period_kind, strftime(month, '%Y-%m') as period, month as starts, (month + interval 1 month)::date as ends
  from month
  union
  select 'quarter', year(month) || '-Q' || quarter(month), date_trunc('quarter', month)::date, (date_trunc('quarter', month) + interval 3 month)::date
  from month
  union
  select 'year', strftime(month, '%Y'), date_trunc('year', month)::date, (date_trunc('year', month) + interval 1 year)::date
  from month
)
select
  row_number() over (order by p.period_kind, p.period)::integer as period_id,
  p.period_kind,
  p.period,
  p.starts,
  p.ends,
  p.ends > date_trunc('day', k.as_of) + interval 1 day or p.starts < k.first_month as is_partial,
  date_diff('day', p.ends, k.as_of::date) as days_known
from period as p
cross join known as k;

-- month_period: one row is one month in one of its periods
create or replace temp table month_period as
select
  m.starts as month,
  p.period_id
from period_key as m
join period_key as p on m.starts >= p.starts
  and m.starts < p.ends
where m.period_kind = 'month';

-- uncovered: one row is one month in which a feed that the indicator counts brought nothing; what it would count as zero is missing
create or replace temp table uncovered as
select distinct
  f.indicator,
  m.starts as month
from indicator_feed as f
cross join period_key as m
where m.period_kind = 'month'
  and f.by_month
  and f.feed in ('cases', 'satisfaction', 'case_events', 'activities')
  and not exists (
    from feed_month as n
    where n.feed = f.feed
      and n.month = m.starts
      and n.rows > 0
  );

-- incomplete: one row is one indicator and one period in which a feed that it needs brought less than half of what is usual
create or replace temp table incomplete as
select distinct
  i.indicator_id,
  p.period_id
from feed_month as m
join indicator_feed as f on f.feed = m.feed
join indicator_meta as i on i.indicator = f.indicator
join month_period as p on p.month = m.month
where m.is_short;

-- period_flag_now: one row is one indicator and one period, with what its values are flagged by
create or replace temp table period_flag_now as
select
  m.indicator,
  p.period_kind,
  p.period,
  p.is_partial,
  m.settles > 0 and p.days_known < m.settles as is_unsettled,
  i.indicator_id is not null as is_incomplete
from indicator_meta as m
cross join period_key as p
left join incomplete as i on i.indicator_id = m.indicator_id
  and i.period_id = p.period_id;
