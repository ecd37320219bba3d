-- the rows of case_way_month
with closed as (
  select
    date_trunc('month', closed_at)::date as month,
    subdistrict,
    community,
    source,
    category,
    handler,
    handling_level
  from flow_case
  where is_closed
    and part.is_stale_month('closed_at', closed_at)
),
counted as (
  select
    case
      when grouping(source) = 0 then 'start'
      else 'finish'
    end as part,
    month,
    community,
    source,
    category,
    handler,
    handling_level,
    count(*) as closed
  from closed
  group by grouping sets (
    (month, community, source, category),
    (month, community, category, handler, handling_level)
  )
)
select
  c.part,
  c.month,
  a.subdistrict_code,
  a.community_code,
  case when c.part = 'start' then coalesce(s.text, '') end as source,
  coalesce(k.text, '') as category_1,
  case when c.part = 'finish' then coalesce(d.shown, '') end as handler,
  case when c.part = 'finish' then coalesce(h.text, '') end as handling_level,
  c.closed
from counted as c
left join flow_community as a on a.community = c.community
left join flow_word as s on s.word = c.source
left join flow_word as k on k.word = c.category
left join flow_word as d on d.word = c.handler
left join flow_word as h on h.word = c.handling_level
where part.is_stale('closed_at', c.month, a.community_code)
order by c.part, c.month, c.community;
