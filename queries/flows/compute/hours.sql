-- fills case_hour_month
-- What hour a case was reported in depends on nothing but the case, so that a night adds the reports that came to what was counted, and
-- takes away those that are gone.
create or replace temp view flow_report as
select *, 1 as sign
from flow_case
where reported_at <= as_of
  and not exists (from part.stale_cell)
union all
select *, 1
from flow_numbers('came_case')
where reported_at <= as_of
union all
select *, -1
from flow_numbers('gone_case');

create or replace temp table flow_hour as
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
    end as hour,
    sign
  from flow_report
)
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
  sum(sign)::bigint as reported
from reported
group by grouping sets (
  (month, subdistrict, weekday, hour, community),
  (month, subdistrict, weekday, hour, category),
  (month, subdistrict, weekday, hour, channel),
  (month, subdistrict, weekday, hour, handler)
);

create or replace temp table hour_before as
from case_hour_month
where exists (from part.stale_cell)
  and month in (select month from flow_hour);

delete from case_hour_month
where not exists (from part.stale_cell)
  or month in (select month from flow_hour);
insert into case_hour_month
with counted as (
  select
    h.cut,
    h.month,
    s.subdistrict_code,
    a.community_code,
    coalesce(w.shown, '') as cut_value,
    h.weekday,
    h.hour,
    h.reported
  from flow_hour as h
  left join flow_subdistrict as s on s.subdistrict = h.subdistrict
  left join flow_community as a on a.community = h.community
  left join flow_word as w on w.word = h.word
  union all
  from hour_before
)
select
  cut,
  month,
  subdistrict_code,
  community_code,
  cut_value,
  weekday,
  hour,
  sum(reported)::bigint as reported
from counted
group by all
having sum(reported) <> 0
order by cut, month, subdistrict_code, community_code, cut_value;
drop table flow_hour;
drop table hour_before;
