-- A small district with what feeds can get wrong and the nightly run lets pass (or would refuse): dates in the wrong
-- order, after the end of the data, or missing; reporters who come again after about 90 days; a grid that changed its
-- subdistrict; logs that begin before the report; answers before the case.
insert into snapshot_info values ('district_code', 'd'), ('district_name', '区'), ('as_of', '2026-06-30 23:59:59'), ('time_zone', 'Asia/Shanghai');

insert into grids by name
select
  's' || s || 'g' || g as grid_code,
  's' || s || 'c' || g % 2 as community_code,
  's' || s as subdistrict_code,
  1000 as population
from range(1, 3) as a(s)
cross join range(4) as b(g)
where (s, g) <> (1, 0);

-- s1g0 belonged to the other subdistrict until the middle of March 2026
insert into grids by name
select
  's1g0' as grid_code,
  'c' || p as community_code,
  p as subdistrict_code,
  1000 as population,
  if(p = 's1', date '2026-03-16', null) as valid_from,
  if(p = 's2', date '2026-03-16', null) as valid_to
from (values ('s1'), ('s2')) as v(p);

insert into calendar (date, is_workday) values ('2026-03-03', false), ('2026-03-07', true);

insert into cases by name
with drawn as (
  select
    i,
    (hash(i, 1) % 1000) / 1000 as a,
    (hash(i, 2) % 1000) / 1000 as b,
    (hash(i, 3) % 1000) / 1000 as c,
    (hash(i, 4) % 1000) / 1000 as d,
    (hash(i, 5) % 1000) / 1000 as e,
    timestamp '2025-01-01' + to_minutes((hash(i, 6) % (545 * 1440))::integer) as moment
  from range(6000) as r(i)
)
select
  'c' || i as case_id,
  if(a < 0.3, 'dispute', 'event') as case_kind,
  moment as reported_at,
  if(b < 0.9, '类' || (hash(i, 7) % 2), null) as category_1,
  if(c < 0.95, 's' || (1 + hash(i, 8) % 2) || 'g' || (hash(i, 9) % 4), null) as grid_code,
  if(d < 0.8, moment + to_minutes((hash(i, 10) % 3000)::integer - 300), null) as accepted_at,
  if(e < 0.8, moment + to_minutes((hash(i, 11) % 6000)::integer - 300), null) as dispatched_at,
  if(a < 0.8, moment + to_minutes((hash(i, 12) % 9000)::integer - 300), null) as first_response_at,
  -- some are due, or closed, months before they are reported, or long after
  if(b < 0.85, moment + to_hours((hash(i, 13) % 400)::integer - 40 + case when c < 0.05 then -3000 when c > 0.95 then 3000 else 0 end), null) as due_at,
  if(e < 0.9, moment + to_hours((hash(i, 14) % 500)::integer - 20 + case when d < 0.05 then -3000 when d > 0.95 then 3000 else 0 end), null) as closed_at,
  case when a > 0.95 then 'rejected' when a > 0.9 then 'on_hold' when e < 0.9 then 'closed' else 'handling' end as status,
  if(a < 0.15, 'agreement', 'resolved') as outcome,
  if(b < 0.5, (hash(i, 15) % 3)::integer, null) as returns,
  if(d < 0.9, 'r' || hash(i, 16) % 150, null) as reporter_key
from drawn
order by reported_at;

insert into case_events by name
select
  c.case_id,
  e.seq,
  e.event,
  c.reported_at + to_minutes((hash(c.case_id, e.seq) % 5000)::integer + 700 * e.seq::integer - 1500) as happened_at,
  if(e.event = 'returned', 'no_authority', null) as reason
from cases as c
cross join (values (1, 'accepted'), (2, 'paused'), (3, 'resumed'), (4, 'dispatched'), (5, 'returned'), (6, 'handled'), (7, 'checked'), (8, 'closed')) as e(seq, event)
where hash(c.case_id) % 3 = 0
  and hash(c.case_id, e.seq, 1) % 10 > 0;

insert into satisfaction by name
select
  'q' || c.case_id || '_' || n as survey_id,
  c.case_id,
  coalesce(c.closed_at, c.reported_at) + to_hours((hash(c.case_id, n, 2) % 3000)::integer - 50) as surveyed_at,
  true as responded,
  (1 + hash(c.case_id, n, 3) % 5)::integer as score
from cases as c
cross join range(3) as r(n)
where hash(c.case_id, 4) % 2 = 0;
