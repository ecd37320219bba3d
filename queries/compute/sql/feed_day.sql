-- fills part.feed_day from all rows of the feeds that bring new ones every month
delete from part.feed_day;
insert into part.feed_day
with dated as (
  select 'cases' as feed, load_id, reported_at::date as day from cases
  union all
  select 'satisfaction', load_id, surveyed_at::date from satisfaction
  union all
  select 'case_events', load_id, happened_at::date from case_events
  union all
  select 'activities', load_id, held_on from activities
  union all
  select 'training', load_id, held_on from training
  union all
  select 'appraisals', load_id, period from appraisals
)
select
  feed,
  load_id,
  day,
  count(*) as rows
from dated
where day is not null
group by feed, load_id, day
order by feed, load_id, day;
