-- the rows of case_speed_month
-- A case is watched for 390 days (13 steps of 30) at most: one that took longer counts as open by then. Closed and open cases stand
-- in rows of their own, so that those that still wait can be counted anew without the others.
with timed as (
  select
    date_trunc('month', reported_at)::date as month,
    place,
    community,
    category,
    channel,
    handler,
    is_closed and closed_at <= reported_at + interval 390 day as is_closed,
    least(greatest(epoch(coalesce(closed_at, as_of) - reported_at) / 86400, 0), 390) as days
  from flow_case
  where reported_at <= as_of
),
binned as (
  select
    * replace (
      case
        when is_closed and days <= 60 then ceil(days)
        when is_closed and days <= 182 then ceil(days / 7) * 7
        when is_closed then ceil(days / 30) * 30
        when days < 61 then floor(days)
        when days < 189 then greatest(floor(days / 7) * 7, 60)
        else greatest(floor(days / 30) * 30, 182)
      end::smallint as days
    )
  from timed
  where part.is_stale_month('reported_at', month)
    or not is_closed
      and part.is_stale_month('watched', month)
),
counted as (
  select
    case
      when grouping(place) = 0 then 'all'
      when grouping(category) = 0 then 'category'
      when grouping(channel) = 0 then 'channel'
      else 'handler'
    end as cut,
    month,
    place,
    community,
    coalesce(category, channel, handler) as word,
    days,
    count(*) filter (is_closed) as closed,
    count(*) filter (not is_closed) as open
  from binned
  group by grouping sets (
    (month, days, is_closed, place),
    (month, days, is_closed, community, category),
    (month, days, is_closed, community, channel),
    (month, days, is_closed, community, handler)
  )
)
select
  c.cut,
  c.month,
  coalesce(p.subdistrict_code, a.subdistrict_code) as subdistrict_code,
  coalesce(p.community_code, a.community_code) as community_code,
  p.grid_code,
  coalesce(w.shown, '') as cut_value,
  c.days,
  c.closed,
  c.open
from counted as c
left join flow_place as p on p.place = c.place
left join flow_community as a on a.community = c.community
left join flow_word as w on w.word = c.word
where part.is_stale('reported_at', c.month, coalesce(p.community_code, a.community_code))
  or c.open > 0
    and part.is_stale('watched', c.month, coalesce(p.community_code, a.community_code))
order by c.cut, c.month, c.community, c.place, c.word, c.days;
