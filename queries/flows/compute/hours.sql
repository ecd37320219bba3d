-- fills case_hour_month
delete from case_hour_month
where month in (select month from part.stale_month where clock = 'reported_at');
insert into case_hour_month
with reported as (
  select
    date_trunc('month', reported_at)::date as month,
    subdistrict,
    community,
    category,
    channel,
    handler,
    isodow(reported_at)::tinyint as weekday,
    case
      when reported_at <> date_trunc('day', reported_at)
        then hour(reported_at)::tinyint
    end as hour
  from flow_case
  where reported_at <= as_of
    and date_trunc('month', reported_at) in (select month from part.stale_month where clock = 'reported_at')
),
counted as (
  select
    case
      when grouping(community) = 0 then 'all'
      when grouping(category) = 0 then 'category'
      when grouping(channel) = 0 then 'channel'
      else 'handler'
    end as cut,
    month,
    subdistrict,
    community,
    coalesce(category, channel, handler) as word,
    weekday,
    hour,
    count(*) as reported
  from reported
  group by grouping sets (
    (month, subdistrict, weekday, hour, community),
    (month, subdistrict, weekday, hour, category),
    (month, subdistrict, weekday, hour, channel),
    (month, subdistrict, weekday, hour, handler)
  )
)
select
  c.cut,
  c.month,
  s.subdistrict_code,
  a.community_code,
  coalesce(w.shown, '') as cut_value,
  c.weekday,
  c.hour,
  c.reported
from counted as c
left join flow_subdistrict as s on s.subdistrict = c.subdistrict
left join flow_community as a on a.community = c.community
left join flow_word as w on w.word = c.word
order by c.cut, c.month, c.subdistrict, c.community, c.word;
