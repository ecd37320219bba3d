-- fills case_backlog_month
-- A case that was closed in the month of its report is open at no month's end; only the others are spread over months.
delete from case_backlog_month
where month in (select month from part.stale_month where clock = 'backlog');
insert into case_backlog_month
with lasting as (
  select
    *,
    date_trunc('month', reported_at) as first_month,
    case
      when is_closed
        then date_trunc('month', closed_at) - interval 1 month
      else date_trunc('month', as_of)
    end as last_month
  from case_fact
  where is_valid
    and reported_at <= as_of
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
    month,
    subdistrict_code,
    community_code,
    grid_code,
    coalesce(category_1, '') as category,
    coalesce(channel, '') as channel,
    coalesce(department, 'kind:' || handler_kind, '') as handler,
    coalesce(reported_level, '') as reported_level,
    coalesce(priority, '') as priority,
    is_on_hold,
    due_at,
    least(month + interval 1 month, as_of) as seen_at,
    epoch(least(month + interval 1 month, as_of) - reported_at) / 86400 as age
  from months
  where month in (select month from part.stale_month where clock = 'backlog')
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
    end as age_from,
    case
      when is_on_hold then 'on_hold'
      when due_at is null then 'no_limit'
      when due_at < seen_at then 'overdue'
      else 'not_due'
    end as state
  from aged
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
  priority,
  age_from,
  state,
  count(*)
from banded
group by grouping sets (
  (month, subdistrict_code, community_code, reported_level, priority, age_from, state, grid_code),
  (month, subdistrict_code, community_code, reported_level, priority, age_from, state, category),
  (month, subdistrict_code, community_code, reported_level, priority, age_from, state, channel),
  (month, subdistrict_code, community_code, reported_level, priority, age_from, state, handler)
)
order by all;
