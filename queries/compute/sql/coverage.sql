-- What a feed does not cover is missing, not zero: parts of months without it are taken out.
-- A training record counts for twelve months.
delete from indicator_part as p
using indicator_feed as f
where f.indicator = p.indicator
  and f.feed in ('cases', 'satisfaction', 'case_events', 'activities')
  and f.by_month
  and p.month not in (
    select month
    from feed_month
    where feed = f.feed
      and rows > 0
  );

-- incomplete: one row is one indicator and one period in which a feed that it needs brought less than half of what is usual
create or replace temp table incomplete as
with short as (
  select distinct
    f.indicator,
    m.month
  from feed_month as m
  join indicator_feed as f using (feed)
  where m.is_short
)
select distinct
  s.indicator,
  p.period_kind,
  p.period
from short as s
join month_period as p using (month);
