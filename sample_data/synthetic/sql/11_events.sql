-- one row is: one step in the log of a case of case_month; hand-offs are its 'transferred' steps, returns its
-- 'returned' steps, re-openings its 'reopened' steps, as many as the case says
create or replace temp view event_month as
with span as (
  select
    *,
    coalesce(closed_at, as_of) as until_at,
    -- steps between dispatch and the end are spread over that time
    handoffs + returns + 1 as parts
  from case_month
),
step as (
  select case_id, h, reported_at as happened_at, 10 as place, 'reported' as event, reported_level as level, null as reason, null as department from span
  union all
  select case_id, h, accepted_at, 20, 'accepted', 'subdistrict', null, null from span where accepted_at is not null
  union all
  select case_id, h, dispatched_at, 30, 'dispatched', 'subdistrict', null, null from span where dispatched_at is not null
  union all
  select
    case_id, h, dispatched_at + to_seconds((0.8 * date_diff('second', dispatched_at, until_at) * i / parts)::bigint), 40 + 2 * i, 'returned', 'subdistrict', return_reason, department
  from span, unnest(range(1, returns + 1)) as n(i)
  where dispatched_at is not null
  union all
  select
    case_id, h, dispatched_at + to_seconds((0.8 * date_diff('second', dispatched_at, until_at) * i / parts)::bigint), 41 + 2 * i, 'transferred', coalesce(handling_level, 'subdistrict'), null, department
  from span, unnest(range(1, handoffs + 1)) as n(i)
  where dispatched_at is not null
  union all
  select case_id, h, first_response_at, 60, 'responded', coalesce(handling_level, 'community'), null, department from span where first_response_at is not null
  union all
  -- one case in thirty pauses its clock, on hold or waiting for the resident
  select case_id, h, dispatched_at + to_seconds((0.905 * date_diff('second', dispatched_at, until_at))::bigint), 68, 'paused', coalesce(handling_level, 'community'), null, department
  from span
  where dispatched_at is not null and (status = 'on_hold' or closed_at is not null and random_of(h, 'pause') < 0.03)
  union all
  select case_id, h, dispatched_at + to_seconds((0.93 * date_diff('second', dispatched_at, until_at))::bigint), 69, 'resumed', coalesce(handling_level, 'community'), null, department
  from span
  where closed_at is not null and random_of(h, 'pause') < 0.03
  union all
  select case_id, h, closed_at - to_seconds((0.06 * date_diff('second', first_response_at, closed_at))::bigint), 70, 'handled', handling_level, null, department
  from span
  where closed_at is not null
  union all
  -- the check is left out of one case in ten; where the standard procedure was brought in, of one in thirty-three
  select case_id, h, closed_at - to_seconds((0.02 * date_diff('second', first_response_at, closed_at))::bigint), 80, 'checked', 'subdistrict', null, null
  from span
  where closed_at is not null and random_of(h, 'check') >= if(standardised, 0.03, 0.10)
  union all
  -- closed too early, re-opened, and closed for good
  select case_id, h, first_response_at + to_seconds(((0.79 + 0.04 * i) * date_diff('second', first_response_at, closed_at))::bigint), 62 + 2 * i, 'closed', handling_level, null, department
  from span, unnest(range(1, reopened + 1)) as n(i)
  union all
  select case_id, h, first_response_at + to_seconds(((0.81 + 0.04 * i) * date_diff('second', first_response_at, closed_at))::bigint), 63 + 2 * i, 'reopened', 'subdistrict', null, null
  from span, unnest(range(1, reopened + 1)) as n(i)
  union all
  select case_id, h, closed_at, 90, 'closed', handling_level, null, department from span where closed_at is not null
)
select
  case_id,
  row_number() over (partition by case_id order by happened_at, place) as seq,
  event,
  happened_at,
  case
    when event in ('reported', 'responded', 'handled', 'returned', 'transferred', 'closed', 'paused', 'resumed') then coalesce(department, '网格')
    else '街道社会治理中心'
  end as actor,
  level,
  reason
from step;
