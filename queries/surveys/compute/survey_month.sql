-- the rows of survey_month; what is counted follows F51, F52 and F23
with contact as (
  select
    date_trunc('month', surveyed_at)::date as month,
    subdistrict_code,
    community_code,
    grid_code,
    coalesce(category_1, '') as category,
    coalesce(channel, '') as channel,
    coalesce(handler_kind, '') as handler,
    contacted_ok,
    responded,
    resolved,
    case
      when responded
        then score
    end as score
  from survey_fact
  where part.is_stale('surveyed_at', surveyed_at, community_code)
)
select
  case
    when grouping(category) = 0 then 'category'
    when grouping(channel) = 0 then 'channel'
    when grouping(handler) = 0 then 'handler'
    else 'all'
  end as cut,
  month,
  subdistrict_code,
  community_code,
  grid_code,
  coalesce(category, channel, handler, '') as cut_value,
  count(*) filter (responded is not null),
  count(*) filter (contacted_ok is not null),
  count(*) filter (contacted_ok),
  count(*) filter (responded),
  count(*) filter (responded and resolved is not null),
  count(*) filter (responded and resolved),
  count(*) filter (score = 1),
  count(*) filter (score = 2),
  count(*) filter (score = 3),
  count(*) filter (score = 4),
  count(*) filter (score = 5)
from contact
group by grouping sets (
  (month, subdistrict_code, community_code, grid_code),
  (month, subdistrict_code, community_code, grid_code, category),
  (month, subdistrict_code, community_code, grid_code, channel),
  (month, subdistrict_code, community_code, grid_code, handler)
)
order by all;
