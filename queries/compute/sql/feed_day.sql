-- brings part.feed_day up to date: adds the rows of later loads than feeds_counted, and takes away those that gave way to them (replaced_*).
-- With feeds_counted = -1 everything is counted. A snapshot keeps what it has: who changes what a row is gives the table another name.
create or replace temp table feed_change as
with dated as (
  select 'cases' as feed, load_id, reported_at::date as day, 1 as rows from cases where (getvariable('feeds_counted') < 0 or load_id > getvariable('feeds_counted'))
  union all
  select 'satisfaction', load_id, surveyed_at::date, 1 from satisfaction where (getvariable('feeds_counted') < 0 or load_id > getvariable('feeds_counted'))
  union all
  select 'case_events', load_id, happened_at::date, 1 from case_events where (getvariable('feeds_counted') < 0 or load_id > getvariable('feeds_counted'))
  union all
  select 'activities', load_id, held_on, 1 from activities where (getvariable('feeds_counted') < 0 or load_id > getvariable('feeds_counted'))
  union all
  -- these are few, and are counted again whole
  select 'training', load_id, held_on, 1 from training
  union all
  select 'appraisals', load_id, period, 1 from appraisals
  union all
  select 'cases', load_id, reported_at::date, -1 from replaced_cases where load_id <= getvariable('feeds_counted')
  union all
  select 'satisfaction', load_id, surveyed_at::date, -1 from replaced_satisfaction where load_id <= getvariable('feeds_counted')
  union all
  select 'case_events', load_id, happened_at::date, -1 from replaced_case_events where load_id <= getvariable('feeds_counted')
  union all
  select 'activities', load_id, held_on, -1 from replaced_activities where load_id <= getvariable('feeds_counted')
)
select
  feed,
  load_id,
  day,
  sum(rows) as rows
from dated
where day is not null
group by feed, load_id, day;

delete from part.feed_day
where getvariable('feeds_counted') < 0
  or feed in ('training', 'appraisals');
create or replace temp table feed_sum as
select
  feed,
  load_id,
  day,
  sum(rows)::bigint as rows
from (
  from feed_change
  union all
  select f.*
  from part.feed_day as f
  semi join feed_change using (feed, load_id, day)
)
group by feed, load_id, day
having sum(rows) <> 0;
delete from part.feed_day
where (feed, load_id, day) in (select (feed, load_id, day) from feed_change);
insert into part.feed_day
from feed_sum
order by feed, load_id, day;
drop table feed_change;
drop table feed_sum;
