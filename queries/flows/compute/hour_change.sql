-- What hour a case was reported in depends on nothing but the case, so that a night adds the reports that came to what was counted, and
-- takes away those that are gone.

-- flow_hour: one row is one row of case_hour_month, in numbers, with the reports that are to be added (or taken away, below 0)
create or replace temp table flow_hour as
with report as (
  select *, 1 as sign
  from flow_case
  where reported_at <= as_of
    and not exists (from part.stale_cell)
  union all
  from flow_moved
  where reported_at <= as_of
    or sign < 0
),
reported as (
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
  from report
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

-- hour_change: the same with its texts
create or replace temp macro hour_change() as table
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
left join flow_word as w on w.word = h.word;

-- changed_hour: the rows that a night changes
create or replace temp table changed_hour as from case_hour_month limit 0;
insert into changed_hour
from hour_change()
where exists (from part.stale_cell);
create or replace temp macro is_changed_hour(cut, month, subdistrict_code, community_code, cut_value, weekday, hour) as
  month in (select c.month from changed_hour as c)
  and hash(cut, month, subdistrict_code, community_code, cut_value, weekday, hour) in (
    select hash(c.cut, c.month, c.subdistrict_code, c.community_code, c.cut_value, c.weekday, c.hour)
    from changed_hour as c
  );
