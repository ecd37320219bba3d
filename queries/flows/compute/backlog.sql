-- the rows of case_backlog_month
-- A case that was closed in the month of its report is open at no month's end; only the others are spread over months.
with lasting as (
  select
    *,
    greatest(date_trunc('month', reported_at), (select min(month) from part.stale_cell where clock = 'backlog')) as first_month,
    case
      when is_closed
        then date_trunc('month', closed_at) - interval 1 month
      else date_trunc('month', as_of)
    end as last_month
  from flow_case
  where reported_at <= as_of
    and (not is_closed or closed_at >= date_trunc('month', reported_at) + interval 1 month)
),
months as (
  select
    *,
    unnest(generate_series(first_month, last_month, interval 1 month))::date as month
  from lasting
),
aged as (
  select
    *,
    least(month + interval 1 month, as_of) as seen_at,
    epoch(least(month + interval 1 month, as_of) - reported_at) / 86400 as age
  from months
  where part.is_stale_month('backlog', month)
),
banded as (
  select
    *,
    case
      when age < 3 then 0
      when age < 7 then 3
      when age < 14 then 7
      when age < 30 then 14
      when age < 60 then 30
      when age < 90 then 60
      when age < 180 then 90
      else 180
    end::smallint as age_from,
    case
      when is_on_hold then 1
      when due_at is null then 2
      when due_at < seen_at then 3
      else 4
    end::tinyint as state
  from aged
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
    priority,
    age_from,
    state,
    count(*) as open
  from banded
  group by grouping sets (
    (month, reported_level, priority, age_from, state, place),
    (month, reported_level, priority, age_from, state, community, category),
    (month, reported_level, priority, age_from, state, community, channel),
    (month, reported_level, priority, age_from, state, community, handler)
  )
)
select
  c.cut,
  c.month,
  coalesce(p.subdistrict_code, a.subdistrict_code) as subdistrict_code,
  coalesce(p.community_code, a.community_code) as community_code,
  p.grid_code,
  coalesce(w.shown, '') as cut_value,
  coalesce(l.text, '') as reported_level,
  y.text as priority,
  c.age_from,
  ['on_hold', 'no_limit', 'overdue', 'not_due'][c.state] as state,
  c.open
from counted as c
left join flow_place as p on p.place = c.place
left join flow_community as a on a.community = c.community
left join flow_word as w on w.word = c.word
left join flow_word as l on l.word = c.reported_level
left join flow_word as y on y.word = c.priority
where part.is_stale('backlog', c.month, coalesce(p.community_code, a.community_code))
order by c.cut, c.month, c.community, c.place, c.word;
