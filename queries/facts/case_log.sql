-- one row is: one case that has a log, with what its steps say
-- is_in_order: registered, dispatched, handled, checked and closed, in this order; where a case was re-opened, its last handling counts.
create or replace view case_log as
with step as (
  select
    case_id,
    min(happened_at) filter (event = 'accepted') as accepted_at,
    min(happened_at) filter (event = 'dispatched') as dispatched_at,
    max(happened_at) filter (event = 'handled') as handled_at,
    max(happened_at) filter (event = 'checked') as checked_at,
    max(happened_at) filter (event = 'closed') as closed_at,
    count_if(event = 'returned')::integer as returns,
    count_if(event = 'returned' and reason = 'no_authority')::integer as no_authority_returns,
    count_if(event = 'returned' and reason = 'wrong_dispatch')::integer as wrong_dispatch_returns
  from case_events
  group by case_id
)
select
  case_id,
  returns,
  no_authority_returns,
  wrong_dispatch_returns,
  coalesce(accepted_at <= dispatched_at and dispatched_at <= handled_at and handled_at <= checked_at and checked_at <= closed_at, false) as is_in_order
from step;
