-- the rows of case_rise_month
with closed as (
  select
    date_trunc('month', closed_at)::date as month,
    place,
    community,
    category,
    channel,
    handler,
    reported_level,
    handling_level
  from flow_case
  where is_closed
    and part.is_stale_month('closed_at', closed_at)
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
    reported_level,
    handling_level,
    count(*) as closed
  from closed
  group by grouping sets (
    (month, reported_level, handling_level, place),
    (month, reported_level, handling_level, community, category),
    (month, reported_level, handling_level, community, channel),
    (month, reported_level, handling_level, community, handler)
  )
)
select
  c.cut,
  c.month,
  coalesce(p.subdistrict_code, a.subdistrict_code) as subdistrict_code,
  coalesce(p.community_code, a.community_code) as community_code,
  p.grid_code,
  coalesce(w.shown, '') as cut_value,
  coalesce(r.text, '') as reported_level,
  coalesce(h.text, '') as handling_level,
  c.closed
from counted as c
left join flow_place as p on p.place = c.place
left join flow_community as a on a.community = c.community
left join flow_word as w on w.word = c.word
left join flow_word as r on r.word = c.reported_level
left join flow_word as h on h.word = c.handling_level
where part.is_stale('closed_at', c.month, coalesce(p.community_code, a.community_code))
order by c.cut, c.month, c.community, c.place, c.word;
