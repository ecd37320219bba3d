-- one row is: one span for which the clock of one case stood still, by its log; ended_at is null while it still does
create or replace view case_pause as
with turn as (
  select
    case_id,
    event,
    happened_at as started_at,
    lead(event) over later as next_event,
    lead(happened_at) over later as next_at
  from case_events
  where event in ('paused', 'resumed')
  window later as (partition by case_id order by happened_at, seq)
)
select
  case_id,
  started_at,
  case when next_event = 'resumed' then next_at end as ended_at
from turn
where event = 'paused';
