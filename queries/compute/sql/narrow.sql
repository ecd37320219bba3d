-- Hides the large feeds behind temporary tables of the same names, which hold the rows that the stale cells need: the views read those
-- from here on. A row more than needed does no harm, a row less does: case_fact and the views on it say what is looked at.

-- narrow_cell: one row is one month and area whose rows are needed, by the date of cases or satisfaction that lies in the month
create or replace temp table narrow_cell as
with looked_at (clock, happened) as (
  values
    ('reported_at', 'reported_at'),
    ('cohort_at', 'reported_at'),
    ('day', 'reported_at'),
    ('closed_at', 'closed_at'),
    ('settled_due_at', 'closed_at'),
    ('cohort_at', 'closed_at'),
    ('day', 'closed_at'),
    ('settled_due_at', 'due_at'),
    ('cohort_at', 'due_at'),
    ('dispatched_at', 'to_dispatch_at'),
    ('to_dispatch_at', 'to_dispatch_at'),
    ('agreed_at', 'agreed_at'),
    ('watched', 'watched'),
    ('surveyed_at', 'surveyed_at'),
    ('arrived_at', 'arrived_at')
),
place as (
  select distinct grid_code, coalesce(community_code, '') as area_code
  from grids
  union
  -- cases of a time at which their grid was not in force are in no community
  select distinct grid_code, ''
  from grids
  where valid_from is not null
    or valid_to is not null
)
select distinct
  l.happened,
  s.month,
  -- a day's grid stands for all communities that it was ever in
  case when s.clock = 'day' then coalesce(p.area_code, '') else s.area_code end as area_code
from part.stale_cell as s
join looked_at as l using (clock)
left join place as p on s.clock = 'day'
  and p.grid_code = s.area_code
union
select
  case split_part(area_code, ':', 1)
    when 'cases' then 'reported_at'
    when 'satisfaction' then 'surveyed_at'
  end,
  month,
  split_part(area_code, ':', 2)
from part.stale_cell
where clock = 'happened_at'
  and not starts_with(area_code, 'activities:');

set variable stale_months = (
  select
    map_from_entries(list((happened, months)))
  from (
    select
      happened,
      list(distinct month) as months
    from narrow_cell
    group by happened
    union all
    select
      'repeated_at',
      list(distinct month)
    from part.stale_cell
    where clock = 'repeated_at'
    union all
    -- what may make a report a repeat lies up to 90 days before it
    select
      'repeats',
      list(distinct before::date)
    from (
      select
        unnest(generate_series(date_trunc('month', month - interval 90 day), month, interval 1 month)) as before
      from part.stale_cell
      where clock = 'repeated_at'
    )
  )
);
create or replace temp macro in_stale_month(happened, name) as
  happened >= list_min(getvariable('stale_months')[name])
  and list_contains(getvariable('stale_months')[name], date_trunc('month', happened)::date);

-- A set of months is a number of which each bit is a month, since a bit is found far sooner than a row: the last is the newest month of
-- narrow_cell (and whatever comes after it), the first the month 62 before that, and whatever lies before.
set variable newest_month = (select max(month)::timestamp from narrow_cell);
create or replace temp macro month_bit(happened) as
  1::bigint << (62 - greatest(0, least(62, date_diff('month', happened, getvariable('newest_month')))))::integer;
create or replace temp macro in_months(happened, name, months) as
  happened >= list_min(getvariable('stale_months')[name])
  and months & month_bit(happened) <> 0;

-- narrow_area: one row is one community ('': none), with the months of narrow_cell by date, and the first and last end of a month at which
-- its backlog is counted again
create or replace temp table narrow_area as
with area as (
  select coalesce(community_code, '') as area_code
  from grids
  union
  select ''
),
cell as (
  select
    area_code,
    bit_or(month_bit(month::timestamp)) filter (happened = 'reported_at') as reported_months,
    bit_or(month_bit(month::timestamp)) filter (happened = 'closed_at') as closed_months,
    bit_or(month_bit(month::timestamp)) filter (happened = 'due_at') as due_months,
    bit_or(month_bit(month::timestamp)) filter (happened = 'to_dispatch_at') as dispatch_months
  from narrow_cell
  group by area_code
),
backlog as (
  select
    area_code,
    min(month) + interval 1 month as first_end,
    max(month) + interval 1 month as last_end
  from part.stale_cell
  where clock = 'backlog'
  group by area_code
)
select
  a.area_code,
  coalesce(c.reported_months, 0) as reported_months,
  coalesce(c.closed_months, 0) as closed_months,
  coalesce(c.due_months, 0) as due_months,
  coalesce(c.dispatch_months, 0) as dispatch_months,
  b.first_end,
  b.last_end
from area as a
left join cell as c using (area_code)
left join backlog as b using (area_code);

create or replace temp table data_month as from data_month;

-- stale_load: one row is one load whose rows count as arrived in a stale month
create or replace temp table stale_load as
select
  l.load_id
from load as l
cross join (select coalesce(nullif(max(value) filter (key = 'time_zone'), ''), 'Asia/Shanghai') as name from snapshot_info) as z
where l.loaded_at > (select min(loaded_at) from load)
  and in_stale_month(timezone(z.name, timezone('UTC', l.loaded_at)), 'arrived_at');

create or replace temp table narrow_survey_case as
select distinct case_id
from satisfaction
where case_id is not null
  and (
    in_stale_month(surveyed_at, 'surveyed_at')
    or load_id in (from stale_load)
  );

-- in two parts, since an OR of them could not pass by what lies outside, block by block
create or replace temp table narrow_satisfaction as
select *
from satisfaction
where in_stale_month(surveyed_at, 'surveyed_at')
union all
select *
from satisfaction
where case_id in (from narrow_survey_case)
  and not coalesce(in_stale_month(surveyed_at, 'surveyed_at'), false)
union all
select *
from satisfaction
where load_id in (from stale_load)
  and not coalesce(in_stale_month(surveyed_at, 'surveyed_at'), false)
  and (case_id is null or case_id not in (from narrow_survey_case));

-- Cases that lie in none of these months, came in none of the loads and do not last are needed only if a survey asks about them.
set variable live_since = (
  select
    least(
      (select min(month) from narrow_cell where happened not in ('watched', 'surveyed_at', 'arrived_at')) - interval 60 day,
      (select before from moment) - interval 60 day
    )
);
set variable live_load = (
  select
    least((select min(load_id) from stale_load), (select load_id + 1 from moment))
);
create or replace temp table missing_case as
select case_id
from narrow_survey_case
anti join (select case_id from live_case()) as l using (case_id);
-- few, as a rule: a list that the scan is given passes by what holds none of them
set dynamic_or_filter_threshold = 5000;
create or replace temp table far_row as
select rowid as row
from cases
where case_id in (select case_id from missing_case);
create or replace temp table far_case as
from cases
where rowid in (select row from far_row)
  and reported_at < getvariable('live_since')
  and load_id < getvariable('live_load');
reset dynamic_or_filter_threshold;

create or replace temp table narrow_cases as
with place as (
  select
    g.grid_code,
    g.valid_from,
    g.valid_to,
    a.*
  from grids as g
  join narrow_area as a on a.area_code = coalesce(g.community_code, '')
),
placed as (
  select
    c.*,
    case when p.area_code is null then n.reported_months else p.reported_months end as reported_months,
    case when p.area_code is null then n.closed_months else p.closed_months end as closed_months,
    case when p.area_code is null then n.due_months else p.due_months end as due_months,
    case when p.area_code is null then n.dispatch_months else p.dispatch_months end as dispatch_months,
    case when p.area_code is null then n.first_end else p.first_end end as first_end,
    case when p.area_code is null then n.last_end else p.last_end end as last_end
  from (
    from live_case()
    union all
    from far_case
  ) as c
  left join place as p on p.grid_code = c.grid_code
    and c.reported_at >= coalesce(p.valid_from, date '0001-01-01')
    and c.reported_at < coalesce(p.valid_to, date '9999-12-31')
  cross join (from narrow_area where area_code = '') as n
)
select c.* exclude (reported_months, closed_months, due_months, dispatch_months, first_end, last_end)
from placed as c
where in_months(c.reported_at, 'reported_at', c.reported_months)
  or in_months(c.closed_at, 'closed_at', c.closed_months)
  or in_months(c.due_at, 'due_at', c.due_months)
  or in_months(coalesce(c.dispatched_at, c.accepted_at), 'to_dispatch_at', c.dispatch_months)
  -- open now, or at the end of a stale month
  or (c.closed_at is null or c.closed_at > getvariable('this_end')) and may_wait(c.status)
  or c.reported_at < c.last_end and c.closed_at >= c.first_end
  -- who was watched for as long as anybody is counts as waiting, although the case was closed, or the response given, in the end
  or c.closed_at > c.reported_at + interval 360 day and in_stale_month(c.reported_at, 'watched')
  or (c.first_response_at is null or c.first_response_at > c.reported_at + interval 36 day) and in_stale_month(c.reported_at, 'watched')
    and may_wait(c.status) and getvariable('knows_responses')
  or c.outcome in ('agreement', 'judicially_confirmed') and in_stale_month(c.closed_at, 'agreed_at')
  or c.load_id in (from stale_load)
  or c.case_id in (from narrow_survey_case);

-- Repeats are worked out here, on their own: what may make a report of a stale cell a repeat (the same reporter, matter and place in the
-- months before) are more cases than all else needs, and nothing but this needs them.
set variable live_since = least(getvariable('live_since'), list_min(getvariable('stale_months')['repeats']));
create or replace temp table repeat_case as
with now as (
  select
    hash(c.reporter_key, c.category_1, c.grid_code) as likeness
  from live_case() as c
  left join grids as g on g.grid_code = c.grid_code
    and c.reported_at >= coalesce(g.valid_from, date '0001-01-01')
    and c.reported_at < coalesce(g.valid_to, date '9999-12-31')
  where in_stale_month(c.reported_at, 'repeated_at')
    and part.is_stale('repeated_at', c.reported_at, g.community_code)
    and c.reporter_key is not null
    and c.category_1 is not null
    and c.grid_code is not null
)
select
  c.case_id,
  c.reporter_key,
  c.category_1,
  c.grid_code,
  g.community_code,
  g.subdistrict_code,
  c.reported_at,
  may_wait(c.status) as is_valid
from live_case() as c
semi join now as n on n.likeness = hash(c.reporter_key, c.category_1, c.grid_code)
left join grids as g on g.grid_code = c.grid_code
  and c.reported_at >= coalesce(g.valid_from, date '0001-01-01')
  and c.reported_at < coalesce(g.valid_to, date '9999-12-31')
where in_stale_month(c.reported_at, 'repeats');
alter table temp.main.repeat_case rename to case_fact;
create or replace temp table narrow_repeat as
from repeat_fact
where part.is_stale('repeated_at', reported_at, community_code);
drop table temp.main.case_fact;
alter table temp.main.narrow_repeat rename to repeat_fact;

create or replace temp table narrow_case_events as
select e.*
from case_events as e
semi join narrow_cases as c using (case_id);

-- gone_case: one row is one case that was counted, as it was then, and is no longer, or not as it was
alter table temp.main.replaced_cases rename to cases;
create or replace temp table gone_case as
select f.*
from case_fact as f
where f.reported_at <= getvariable('last_end');
alter table temp.main.cases rename to replaced_cases;

alter table temp.main.narrow_case_events rename to case_events;
alter table temp.main.narrow_satisfaction rename to satisfaction;
alter table temp.main.narrow_cases rename to cases;

-- came_case: one row is one case that is counted and was not, or not as it is
create or replace temp table came_case as
select f.*
from case_fact as f
where f.reported_at <= getvariable('this_end')
  and (f.load_id > getvariable('last_load') or f.reported_at > getvariable('last_end'));
