-- one row is: one case, with its working times between the steps, and what its log says where it has one
-- Minutes are working minutes by the calendar (work_day, work_minute), without the spans in which the case's clock stood still.
-- response_clock_minutes runs to the end of the data where nobody has responded yet; the other minutes are null there.
-- is_response_due, is_dispatch_due: the step was taken, or its limit has passed by the end of the data.
-- Returns come from the log, or else from the case's own count and last reason.
-- dated reported_at: cases.reported_at
-- dated closed_at: cases.closed_at
-- dated dispatched_at: cases.dispatched_at
-- dated to_dispatch_at: cases.dispatched_at, cases.accepted_at
create or replace view case_step as
with limits as (
  select
    60 * coalesce(nullif(max(value) filter (key = 'accept_limit_hours'), '')::double, 2) as accept_limit_minutes,
    60 * coalesce(nullif(max(value) filter (key = 'dispatch_limit_hours'), '')::double, 2) as dispatch_limit_minutes,
    60 * coalesce(nullif(max(value) filter (key = 'response_limit_hours'), '')::double, 8) as response_limit_minutes,
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
),
end_of_data as (
  select
    d.minutes_before + case when d.is_workday then m.worked else 0 end as k_end
  from limits as l
  join work_day as d on d.date = l.as_of::date
  join work_minute as m on m.minute = hour(l.as_of) * 60 + minute(l.as_of)
),
placed as (
  select
    c.case_id,
    c.grid_code,
    c.community_code,
    c.subdistrict_code,
    c.reported_at,
    c.accepted_at,
    c.dispatched_at,
    c.first_response_at,
    c.closed_at,
    c.due_at,
    c.is_valid,
    c.is_on_hold,
    c.is_closed,
    c.returns,
    c.return_reason,
    coalesce(c.dispatched_at, c.accepted_at) as to_dispatch_at,
    rd.minutes_before + case when rd.is_workday then rm.worked else 0 end as k_reported,
    ad.minutes_before + case when ad.is_workday then am.worked else 0 end as k_accepted,
    dd.minutes_before + case when dd.is_workday then dm.worked else 0 end as k_dispatched,
    fd.minutes_before + case when fd.is_workday then fm.worked else 0 end as k_responded
  from case_fact as c
  left join work_day as rd on rd.date = c.reported_at::date
  left join work_minute as rm on rm.minute = hour(c.reported_at) * 60 + minute(c.reported_at)
  left join work_day as ad on ad.date = c.accepted_at::date
  left join work_minute as am on am.minute = hour(c.accepted_at) * 60 + minute(c.accepted_at)
  left join work_day as dd on dd.date = c.dispatched_at::date
  left join work_minute as dm on dm.minute = hour(c.dispatched_at) * 60 + minute(c.dispatched_at)
  left join work_day as fd on fd.date = c.first_response_at::date
  left join work_minute as fm on fm.minute = hour(c.first_response_at) * 60 + minute(c.first_response_at)
),
paused_span as (
  -- few cases pause, so the working minutes of their pauses within each step are found apart
  select
    p.case_id,
    s.step,
    greatest(p.started_at, case s.step when 'dispatch' then c.accepted_at else c.reported_at end) as from_at,
    least(coalesce(p.ended_at, l.as_of),
      coalesce(case s.step when 'accept' then c.accepted_at when 'dispatch' then c.dispatched_at else c.first_response_at end, l.as_of)) as to_at
  from case_pause as p
  join cases as c using (case_id)
  cross join limits as l
  cross join (values ('accept'), ('dispatch'), ('respond')) as s(step)
),
paused as (
  select
    s.case_id,
    coalesce(sum(k.minutes) filter (s.step = 'accept'), 0)::integer as accept_paused,
    coalesce(sum(k.minutes) filter (s.step = 'dispatch'), 0)::integer as dispatch_paused,
    coalesce(sum(k.minutes) filter (s.step = 'respond'), 0)::integer as respond_paused
  from paused_span as s
  join work_day as fd on fd.date = s.from_at::date
  join work_minute as fm on fm.minute = hour(s.from_at) * 60 + minute(s.from_at)
  join work_day as td on td.date = s.to_at::date
  join work_minute as tm on tm.minute = hour(s.to_at) * 60 + minute(s.to_at)
  cross join lateral (
    select
      td.minutes_before + case when td.is_workday then tm.worked else 0 end
        - fd.minutes_before - case when fd.is_workday then fm.worked else 0 end as minutes
  ) as k
  where s.from_at < s.to_at
  group by s.case_id
),
timed as (
  select
    t.* exclude (k_reported, k_accepted, k_dispatched, k_responded, returns, return_reason),
    t.k_accepted - t.k_reported - coalesce(p.accept_paused, 0) as accept_minutes,
    t.k_dispatched - t.k_accepted - coalesce(p.dispatch_paused, 0) as dispatch_minutes,
    e.k_end - t.k_accepted - coalesce(p.dispatch_paused, 0) as undispatched_minutes,
    t.k_responded - t.k_reported - coalesce(p.respond_paused, 0) as response_minutes,
    coalesce(t.k_responded, e.k_end) - t.k_reported - coalesce(p.respond_paused, 0) as response_clock_minutes,
    g.case_id is not null as has_log,
    g.returns as log_returns,
    g.is_in_order,
    coalesce(g.no_authority_returns, case when t.returns is not null then (t.returns > 0 and coalesce(t.return_reason, '') = 'no_authority')::integer end) as no_authority_returns,
    coalesce(g.wrong_dispatch_returns, case when t.returns is not null then (t.returns > 0 and coalesce(t.return_reason, '') = 'wrong_dispatch')::integer end) as wrong_dispatch_returns
  from placed as t
  cross join end_of_data as e
  left join paused as p on p.case_id = t.case_id
  left join case_log as g on g.case_id = t.case_id
)
select
  t.*,
  l.accept_limit_minutes,
  l.dispatch_limit_minutes,
  l.response_limit_minutes,
  t.first_response_at is not null or t.response_clock_minutes > l.response_limit_minutes as is_response_due,
  t.dispatched_at is not null or coalesce(t.undispatched_minutes > l.dispatch_limit_minutes, false) as is_dispatch_due,
  t.no_authority_returns is not null as returns_known,
  t.is_in_order
    and coalesce(t.accept_minutes <= l.accept_limit_minutes, false)
    and coalesce(t.dispatch_minutes <= l.dispatch_limit_minutes, false)
    and coalesce(t.closed_at <= t.due_at, t.due_at is null) as is_standard
from timed as t
cross join limits as l;
