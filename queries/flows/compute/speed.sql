-- fills case_speed_month
-- A case is watched for 390 days (13 steps of 30) at most: one that took longer counts as open by then. Closed and open cases stand
-- in rows of their own, so that those that still wait can be counted anew without the others.
delete from case_speed_month
where month in (select month from part.stale_month where clock = 'reported_at')
  or open > 0
    and month in (select month from part.stale_month where clock = 'watched');
insert into case_speed_month
with timed as (
  select
    date_trunc('month', reported_at)::date as month,
    subdistrict_code,
    community_code,
    grid_code,
    coalesce(category_1, '') as category,
    coalesce(channel, '') as channel,
    coalesce(department, 'kind:' || handler_kind, '') as handler,
    is_closed and closed_at <= reported_at + interval 390 day as is_closed,
    least(greatest(epoch(coalesce(closed_at, as_of) - reported_at) / 86400, 0), 390) as days
  from case_fact
  where is_valid
    and reported_at <= as_of
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
      end::integer as days
    )
  from timed
  where month in (select month from part.stale_month where clock = 'reported_at')
    or not is_closed
      and month in (select month from part.stale_month where clock = 'watched')
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
  days,
  count(*) filter (is_closed),
  count(*) filter (not is_closed)
from binned
group by grouping sets (
  (month, subdistrict_code, community_code, days, is_closed, grid_code),
  (month, subdistrict_code, community_code, days, is_closed, category),
  (month, subdistrict_code, community_code, days, is_closed, channel),
  (month, subdistrict_code, community_code, days, is_closed, handler)
)
order by all;
