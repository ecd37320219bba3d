-- one row is: one case, with the areas it belonged to when it was reported and what follows from its times
-- A case without a grid has no area below the district.
-- valid: neither a duplicate, nor withdrawn, nor out of scope. On hold (挂账) cases leave the denominators of time limits.
-- What was closed after as_of was open then, and counts as open: an as_of in the past gives the view of that day.
-- settled_due_at: when the case should be closed, or was closed ahead of that (应结案 date); null without a limit or before it has come.
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
  coalesce(c.status, '') not in ('duplicate', 'withdrawn', 'out_of_scope') as is_valid,
  coalesce(c.status, '') = 'on_hold' as is_on_hold,
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
  floor(epoch(coalesce(c.closed_at, c.as_of) - c.reported_at) / 3600)::integer as elapsed_hours
from known_case as c
left join grids as g on g.grid_code = c.grid_code
  and c.reported_at >= coalesce(g.valid_from, date '0001-01-01')
  and c.reported_at < coalesce(g.valid_to, date '9999-12-31');
