-- fills case_hour_month
delete from case_hour_month
where month in (select month from part.stale_month where clock = 'reported_at');
insert into case_hour_month
with reported as (
  select
    date_trunc('month', reported_at)::date as month,
    subdistrict_code,
    community_code,
    coalesce(category_1, '') as category,
    coalesce(channel, '') as channel,
    coalesce(department, 'kind:' || handler_kind, '') as handler,
    isodow(reported_at)::integer as weekday,
    case
      when reported_at <> date_trunc('day', reported_at)
        then hour(reported_at)::integer
    end as hour
  from case_fact
  where is_valid
    and reported_at <= as_of
    and date_trunc('month', reported_at) in (select month from part.stale_month where clock = 'reported_at')
)
select
  case
    when grouping(community_code) = 0 then 'all'
    when grouping(category) = 0 then 'category'
    when grouping(channel) = 0 then 'channel'
    else 'handler'
  end as cut,
  month,
  subdistrict_code,
  community_code,
  coalesce(category, channel, handler, '') as cut_value,
  weekday,
  hour,
  count(*)
from reported
group by grouping sets (
  (month, subdistrict_code, weekday, hour, community_code),
  (month, subdistrict_code, weekday, hour, category),
  (month, subdistrict_code, weekday, hour, channel),
  (month, subdistrict_code, weekday, hour, handler)
)
order by all;
