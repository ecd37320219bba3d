-- Hides the large feeds behind temporary tables of the same names, which hold the rows that the stale months need: the views read those
-- from here on. A row more than needed does no harm, a row less does: case_fact and the views on it say what is looked at.
set variable stale_months = (
  select
    map_from_entries(list((clock, months)))
  from (
    select
      clock,
      list(month) as months
    from part.stale_month
    group by clock
    union all
    -- what may make a report a repeat lies up to 90 days before it
    select
      'repeats',
      list(distinct before::date)
    from (
      select
        unnest(generate_series(month - interval 4 month, month, interval 1 month)) as before
      from part.stale_month
      where clock = 'repeated_at'
    )
  )
);
-- most rows lie before all stale months, and need no look at their own
create or replace temp macro is_stale(happened, clock) as
  happened >= list_min(getvariable('stale_months')[clock])
  and list_contains(getvariable('stale_months')[clock], date_trunc('month', happened)::date);

-- cases that are not valid wait for nothing
create or replace temp macro may_wait(status) as coalesce(status, '') not in ('rejected', 'duplicate', 'withdrawn', 'out_of_scope');

-- a place that knows no responses need not look for those that are missing
set variable knows_responses = (select exists(from cases where first_response_at is not null));

create or replace temp table data_month as from data_month;

-- stale_load: one row is one load whose rows count as arrived in a stale month
create or replace temp table stale_load as
select
  l.load_id
from load as l
cross join (select coalesce(nullif(max(value) filter (key = 'time_zone'), ''), 'Asia/Shanghai') as name from snapshot_info) as z
where l.loaded_at > (select min(loaded_at) from load)
  and is_stale(timezone(z.name, timezone('UTC', l.loaded_at)), 'arrived_at');

create or replace temp table narrow_survey_case as
select distinct case_id
from satisfaction
where case_id is not null
  and (
    is_stale(surveyed_at, 'surveyed_at')
    or is_stale(surveyed_at, 'happened_at')
    or load_id in (from stale_load)
  );

create or replace temp table narrow_satisfaction as
select *
from satisfaction
where is_stale(surveyed_at, 'surveyed_at')
  or is_stale(surveyed_at, 'happened_at')
  or load_id in (from stale_load)
  or case_id in (from narrow_survey_case);

-- narrow_repeat: what may make a report of a stale month a repeat: the same reporter, matter and place in the months before
create or replace temp table narrow_repeat as
with now as (
  select distinct reporter_key, category_1, grid_code
  from cases
  where is_stale(reported_at, 'repeated_at')
    and reporter_key is not null
    and category_1 is not null
    and grid_code is not null
)
select c.case_id
from cases as c
semi join now as n on n.reporter_key = c.reporter_key
  and n.category_1 = c.category_1
  and n.grid_code = c.grid_code
where is_stale(c.reported_at, 'repeats');

create or replace temp table narrow_cases as
with stale_backlog as (
  select
    min(month) + interval 1 month as first_end,
    max(month) + interval 1 month as last_end
  from part.stale_month
  where clock = 'backlog'
)
select c.*
from cases as c
cross join moment as m
cross join stale_backlog as b
where is_stale(c.reported_at, 'reported_at')
  or is_stale(c.reported_at, 'cohort_at')
  or is_stale(c.reported_at, 'repeated_at')
  or is_stale(c.reported_at, 'happened_at')
  or is_stale(c.closed_at, 'closed_at')
  or is_stale(c.closed_at, 'settled_due_at')
  or is_stale(c.closed_at, 'cohort_at')
  or is_stale(c.due_at, 'settled_due_at')
  or is_stale(c.due_at, 'cohort_at')
  or is_stale(c.dispatched_at, 'dispatched_at')
  or is_stale(c.dispatched_at, 'to_dispatch_at')
  or is_stale(c.accepted_at, 'to_dispatch_at')
  -- open now, or at the end of a stale month
  or (c.closed_at is null or c.closed_at > m.after) and may_wait(c.status)
  or c.reported_at < b.last_end and c.closed_at >= b.first_end
  -- who was watched for as long as anybody is counts as waiting, although the case was closed, or the response given, in the end
  or c.closed_at > c.reported_at + interval 360 day and is_stale(c.reported_at, 'watched')
  or (c.first_response_at is null or c.first_response_at > c.reported_at + interval 36 day) and is_stale(c.reported_at, 'watched')
    and may_wait(c.status) and getvariable('knows_responses')
  or c.load_id in (from stale_load)
  or c.case_id in (from narrow_survey_case)
  or c.case_id in (from narrow_repeat);

create or replace temp table narrow_case_events as
select e.*
from case_events as e
semi join narrow_cases as c using (case_id);

alter table temp.main.narrow_case_events rename to case_events;
alter table temp.main.narrow_satisfaction rename to satisfaction;
alter table temp.main.narrow_cases rename to cases;
