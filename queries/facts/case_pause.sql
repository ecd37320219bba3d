-- one row is: one span for which the clock of one case stood still, by its log; ended_at is null while it still does
-- A clock that stands still already is not stopped again, nor one that runs set going.
create or replace view case_pause as
with turn as (
  select
    case_id,
    seq,
    event,
    happened_at,
    lag(event) over earlier as event_before
  from case_events
  where event in ('paused', 'resumed')
  window earlier as (partition by case_id order by happened_at, seq)
),
change as (
  select
    case_id,
    event,
    happened_at as started_at,
    lead(happened_at) over later as ended_at
  from turn
  where event is distinct from event_before
  window later as (partition by case_id order by happened_at, seq)
)
select
  case_id,
  started_at,
  ended_at
from change
where event = 'paused';
