-- What the last run counted differently than this one would, so that only its months are counted again.
-- The tables of replaced rows (replaced_cases and others) hold the versions that gave way in this run; moment says what the last run knew.

-- clock: the working minutes passed by the end of the data, then and now, and the limits that set a step due
create or replace temp table clock as
with passed as (
  select
    max(d.minutes_before + case when d.is_workday then w.worked else 0 end) filter (d.date = m.before::date and w.minute = hour(m.before) * 60 + minute(m.before)) as before,
    max(d.minutes_before + case when d.is_workday then w.worked else 0 end) filter (d.date = m.after::date and w.minute = hour(m.after) * 60 + minute(m.after)) as after
  from moment as m
  join work_day as d on d.date in (m.before::date, m.after::date)
  cross join work_minute as w
),
limits as (
  select
    60 * coalesce(nullif(max(value) filter (key = 'dispatch_limit_hours'), '')::double, 2) as dispatch_limit,
    60 * coalesce(nullif(max(value) filter (key = 'response_limit_hours'), '')::double, 8) as response_limit
  from snapshot_info
)
select
  a.before,
  a.after,
  l.dispatch_limit,
  l.response_limit,
  -- what was reported before these days is late, or has left the clock, for certain, if the clock never stood still
  coalesce((select max(date) from work_day where a.before - minutes_before > l.dispatch_limit), (select min(date) from work_day)) as dispatch_from,
  coalesce((select max(date) from work_day where a.before - minutes_before > l.response_limit), (select min(date) from work_day)) as response_from,
  coalesce((select max(date) from work_day where a.before - minutes_before > 6 * longest_watch()), (select min(date) from work_day)) as watched_from
from passed as a
cross join limits as l;

-- What a run looks at among the cases is dated after its last one, or within 90 days before that, or waits for what may be due since.
set variable live_since = (
  select
    least(m.before - interval 150 day, k.dispatch_from - interval 60 day, k.response_from)
  from moment as m
  cross join clock as k
);
set variable live_load = (select load_id + 1 from moment);
-- as constants, so that scans pass by what lies outside
set variable last_load = (select load_id from moment);
set variable last_end = (select before from moment);
set variable this_end = (select after from moment);

delete from part.lasting_case
where case_id in (select case_id from replaced_cases);
insert into part.lasting_case by name
select *
from cases as c
where c.load_id >= getvariable('live_load')
  and lasts(reported_at, accepted_at, dispatched_at, first_response_at, due_at, closed_at, status);

-- changed_case: one row is one version of a case, old or new, that differs from what the last run counted: it is new, replaced
-- or has a new step, or one of its times has come since
create or replace temp table changed_case as
with stepped as (
  select case_id
  from case_events
  where load_id >= getvariable('live_load')
  union
  select case_id
  from replaced_case_events
),
version as (
  select c.case_id, c.grid_code, c.reported_at, c.accepted_at, c.dispatched_at, c.closed_at, c.due_at
  from live_case() as c
  cross join moment as m
  where c.load_id > m.load_id
    or c.reported_at > m.before and c.reported_at <= m.after
    or c.closed_at > m.before and c.closed_at <= m.after
    -- what is due at the very end of the data is overdue only after it
    or c.due_at >= m.before and c.due_at <= m.after
    -- a clock that stands still runs to the end of the data, where a step came after that
    or m.after > m.before and greatest(c.accepted_at, c.dispatched_at, c.first_response_at) > m.before
  union all
  select case_id, grid_code, reported_at, accepted_at, dispatched_at, closed_at, due_at
  from replaced_cases
  union all
  select c.case_id, c.grid_code, c.reported_at, c.accepted_at, c.dispatched_at, c.closed_at, c.due_at
  from cases as c
  semi join stepped as s using (case_id)
)
select distinct *
from version;

-- changed_survey: one row is one survey, old or new, whose case or whose own row has changed, or that stands beside such a one
create or replace temp table changed_survey as
with moved as (
  select survey_id, case_id, surveyed_at, load_id
  from satisfaction
  where load_id >= getvariable('live_load')
  union
  select survey_id, case_id, surveyed_at, load_id
  from replaced_satisfaction
),
of_case as (
  select case_id
  from moved
  where case_id is not null
  union
  select case_id
  from changed_case
)
from moved
union
select s.survey_id, s.case_id, s.surveyed_at, s.load_id
from satisfaction as s
semi join of_case as c using (case_id);

-- moved_case: one row is one case that came, or that stands in another grid than before
create or replace temp table moved_case as
select c.case_id
from cases as c
where c.load_id >= getvariable('live_load')
  and not exists (
    from replaced_cases as r
    where r.case_id = c.case_id
      and r.grid_code is not distinct from c.grid_code
      and r.reported_at = c.reported_at
  );

-- waiting_case: one row is one case whose clock stood still and went on, with no response or dispatch so far, and the least its clock can show
create or replace temp table waiting_case as
with stood as (
  select
    p.case_id,
    sum(greatest(0, epoch(coalesce(p.ended_at, m.before) - p.started_at) / 60)) as minutes,
    bool_or(p.ended_at is null and p.started_at <= m.before) as stands
  from case_pause as p
  cross join moment as m
  group by p.case_id
)
select
  c.grid_code,
  c.reported_at,
  c.accepted_at,
  c.dispatched_at,
  c.first_response_at,
  k.before - d.minutes_before - s.minutes - 1440 as least_minutes,
  k.before - a.minutes_before - s.minutes - 1440 as least_minutes_accepted
from cases as c
join stood as s using (case_id)
cross join clock as k
join work_day as d on d.date = c.reported_at::date
left join work_day as a on a.date = c.accepted_at::date
where not s.stands
  and (c.first_response_at is null or c.dispatched_at is null);

-- stale_cell: one row is one month of one area to be counted again, by the date that places a row in it
delete from part.stale_cell;
insert into part.stale_cell
with of_case as (
  select 'reported_at' as clock, reported_at as happened, grid_code, reported_at from changed_case
  union all
  select 'closed_at', closed_at, grid_code, reported_at from changed_case
  union all
  select 'dispatched_at', dispatched_at, grid_code, reported_at from changed_case
  union all
  select 'to_dispatch_at', coalesce(dispatched_at, accepted_at), grid_code, reported_at from changed_case
  union all
  select 'settled_due_at', unnest([due_at, closed_at]), grid_code, reported_at from changed_case
  union all
  select 'cohort_at', unnest([reported_at, due_at, closed_at]), grid_code, reported_at from changed_case
  union all
  select 'happened_at', reported_at, grid_code, reported_at from changed_case
  union all
  -- a case stands in the backlog of every month's end that it was open at
  select 'backlog', unnest(generate_series(date_trunc('month', c.reported_at), least(coalesce(c.closed_at, m.after), m.after), interval 1 month)), c.grid_code, c.reported_at
  from changed_case as c
  cross join moment as m
  union all
  -- agreements: the case changed, or 90 days have passed since the closing
  select 'agreed_at', closed_at, grid_code, reported_at from changed_case
  union all
  select 'agreed_at', c.closed_at, c.grid_code, c.reported_at
  from live_case() as c
  cross join moment as m
  where c.closed_at > m.before - interval 90 day
    and c.closed_at <= m.after - interval 90 day
  union all
  -- a response or a dispatch that has not come may have fallen due
  select 'reported_at', c.reported_at, c.grid_code, c.reported_at
  from live_case() as c
  cross join clock as k
  where c.first_response_at is null
    and c.reported_at >= k.response_from
  union all
  select 'to_dispatch_at', c.accepted_at, c.grid_code, c.reported_at
  from live_case() as c
  cross join clock as k
  where c.dispatched_at is null
    and c.accepted_at >= k.dispatch_from
  union all
  select 'reported_at', w.reported_at, w.grid_code, w.reported_at
  from waiting_case as w
  cross join clock as k
  where w.first_response_at is null
    and (w.least_minutes <= k.response_limit or w.reported_at < k.watched_from and w.least_minutes <= 6 * longest_watch())
  union all
  select 'to_dispatch_at', w.accepted_at, w.grid_code, w.reported_at
  from waiting_case as w
  cross join clock as k
  where w.dispatched_at is null
    and w.least_minutes_accepted <= k.dispatch_limit
),
everywhere as (
  -- of the running month, the end has moved, at which its backlog is looked at
  select 'backlog' as clock, unnest(generate_series(date_trunc('month', before), after, interval 1 month)) as happened from moment
  union all
  -- What stands in a month rests on the cases of all months before it, on its last day, and on small feeds: when one of those
  -- has news, all months are counted again.
  select 'month', unnest(generate_series(
    case
      when exists(from load where load_id >= getvariable('live_load') and feed in ('grids', 'staff', 'training', 'activities', 'appraisals'))
        then (select min(starts) from period_key)
      else (
        select
          greatest(date_trunc('month', min(least(m.before, c.reported_at, c.closed_at, c.due_at))), (select min(starts) from period_key))
        from changed_case as c
        right join moment as m on true
      )
    end,
    (select max(starts) from period_key where period_kind = 'month'),
    interval 1 month))
  union all
  select 'surveyed_at', surveyed_at from changed_survey
  union all
  -- the day a row was loaded, by the district's time
  select 'arrived_at', timezone(z.name, timezone('UTC', l.loaded_at))
  from load as l
  cross join (select coalesce(nullif(max(value) filter (key = 'time_zone'), ''), 'Asia/Shanghai') as name from snapshot_info) as z
  where l.load_id > (select load_id from moment)
    or l.load_id in (select load_id from replaced_cases)
    or l.load_id in (select load_id from replaced_satisfaction)
    or l.load_id in (select load_id from replaced_activities)
    -- a survey stands where its case stands
    or l.load_id in (select s.load_id from changed_survey as s semi join moved_case as c using (case_id))
  union all
  -- who still waits is a day older: cases that are watched (for 390 days by case_speed_month, for less by the indicators)
  select 'watched', unnest(generate_series(
    date_trunc('month', least(m.before - interval 396 day, k.watched_from)),
    date_trunc('month', greatest(m.after, (select max(reported_at) from cases))),
    interval 1 month))
  from moment as m
  cross join clock as k
),
community as (
  select distinct coalesce(community_code, '') as area_code
  from grids
  union
  select ''
),
community_of_grid as (
  select distinct grid_code, community_code
  from grids
  union
  -- cases of a time at which their grid was not in force are in no community
  select distinct grid_code, null
  from grids
  where valid_from is not null
    or valid_to is not null
),
cell as (
  select
    o.clock,
    o.happened,
    case o.clock
      when 'happened_at' then 'cases:' || coalesce(g.community_code, '')
      else coalesce(g.community_code, '')
    end as area_code
  from of_case as o
  left join grids as g on g.grid_code = o.grid_code
    and o.reported_at >= coalesce(g.valid_from, date '0001-01-01')
    and o.reported_at < coalesce(g.valid_to, date '9999-12-31')
  union all
  select e.clock, e.happened, c.area_code
  from (select distinct clock, date_trunc('month', happened) as happened from everywhere) as e
  cross join community as c
  union all
  -- what is filled in by surveys and activities is counted apart from that of cases
  select 'happened_at', surveyed_at, 'satisfaction:' || c.area_code
  from (select distinct date_trunc('month', surveyed_at) as surveyed_at from changed_survey)
  cross join community as c
  union all
  select 'happened_at', a.held_on, 'activities:' || c.area_code
  from (
    select held_on from activities where load_id >= getvariable('live_load')
    union
    select held_on from replaced_activities
  ) as a
  cross join community as c
  union all
  -- a report makes another one a repeat for 90 days, whichever community their grid is in by then
  select
    'repeated_at',
    unnest(generate_series(date_trunc('month', c.reported_at), c.reported_at + interval 90 day, interval 1 month)),
    coalesce(g.community_code, '')
  from changed_case as c
  left join community_of_grid as g using (grid_code)
  union all
  -- days are kept by grid, whichever community it was in
  select 'day', unnest([reported_at, closed_at]), coalesce(grid_code, '')
  from changed_case
)
select distinct
  clock,
  date_trunc('month', happened)::date as month,
  area_code
from cell
where happened is not null;
