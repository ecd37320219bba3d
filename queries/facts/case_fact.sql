-- one row is: one case, with the areas it belonged to when it was reported and what follows from its times
-- A case without a grid has no area below the district.
-- valid: registered (a report that was not, 不予立案, has the status rejected), neither a duplicate, nor withdrawn, nor out of scope. On hold (挂账) cases leave the denominators of time limits.
-- What was closed after as_of was open then, and counts as open: an as_of in the past gives the view of that day.
-- settled_due_at: when the case should be closed, or was closed ahead of that (应结案 date); null without a limit or before it has come.
-- mediated: a dispute that ended in an agreement or in failed mediation. level_rank: 1 grid, 2 community, … 5 city.
-- dated reported_at: cases.reported_at
-- dated closed_at: cases.closed_at
-- dated settled_due_at: cases.due_at, cases.closed_at
-- dated cohort_at: cases.due_at, cases.closed_at, cases.reported_at
create or replace view case_fact as
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
),
known_case as (
  select
    c.* replace (
      case
        when c.closed_at <= k.as_of
          then c.closed_at
      end as closed_at
    ),
    k.as_of
  from cases as c
  cross join known as k
)
select
  c.*,
  g.community_code,
  g.subdistrict_code,
  coalesce(c.status, '') not in ('rejected', 'duplicate', 'withdrawn', 'out_of_scope') as is_valid,
  coalesce(c.status, '') = 'on_hold' as is_on_hold,
  coalesce(c.status, '') = 'duplicate' as is_duplicate,
  c.closed_at is not null as is_closed,
  case
    when least(c.due_at, coalesce(c.closed_at, c.due_at)) <= c.as_of
      then least(c.due_at, coalesce(c.closed_at, c.due_at))
  end as settled_due_at,
  coalesce(
    case
      when c.due_at is not null
        then least(c.due_at, coalesce(c.closed_at, c.due_at))
    end,
    c.reported_at
  ) as cohort_at,
  c.due_at is null or least(c.due_at, coalesce(c.closed_at, c.due_at)) <= c.as_of as is_cohort_due,
  floor(epoch(coalesce(c.closed_at, c.as_of) - c.reported_at) / 3600)::integer as elapsed_hours,
  case c.handling_level
    when 'grid' then 1
    when 'community' then 2
    when 'subdistrict' then 3
    when 'district' then 4
    when 'city' then 5
  end as level_rank,
  c.closed_at is not null and coalesce(c.outcome, '') in ('agreement', 'judicially_confirmed') as is_agreed,
  c.closed_at is not null and coalesce(c.case_kind, '') = 'dispute'
    and coalesce(c.outcome, '') in ('agreement', 'judicially_confirmed', 'mediation_failed') as is_mediated
from known_case as c
left join grids as g on g.grid_code = c.grid_code
  and c.reported_at >= coalesce(g.valid_from, date '0001-01-01')
  and c.reported_at < coalesce(g.valid_to, date '9999-12-31');
