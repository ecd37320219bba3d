-- fills case_rise_month
delete from case_rise_month
where month in (select month from part.stale_month where clock = 'closed_at');
insert into case_rise_month
with closed as (
  select
    date_trunc('month', closed_at)::date as month,
    subdistrict_code,
    community_code,
    grid_code,
    coalesce(category_1, '') as category,
    coalesce(channel, '') as channel,
    coalesce(department, 'kind:' || handler_kind, '') as handler,
    coalesce(reported_level, '') as reported_level,
    coalesce(handling_level, '') as handling_level
  from case_fact
  where is_valid
    and is_closed
    and date_trunc('month', closed_at) in (select month from part.stale_month where clock = 'closed_at')
)
select
  case
    when grouping(grid_code) = 0 then 'all'
    when grouping(category) = 0 then 'category'
    when grouping(channel) = 0 then 'channel'
    else 'handler'
  end as cut,
  month,
  subdistrict_code,
  community_code,
  grid_code,
  coalesce(category, channel, handler, '') as cut_value,
  reported_level,
  handling_level,
  count(*)
from closed
group by grouping sets (
  (month, subdistrict_code, community_code, reported_level, handling_level, grid_code),
  (month, subdistrict_code, community_code, reported_level, handling_level, category),
  (month, subdistrict_code, community_code, reported_level, handling_level, channel),
  (month, subdistrict_code, community_code, reported_level, handling_level, handler)
)
order by all;
