-- one row is: one meeting, round of visits, volunteer action or social-work project day
create table activity as
with plan as (
  select
    unnest(['deliberation', 'visit', 'volunteer', 'social_work', 'party', 'service']) as kind,
    unnest(['community', 'community', 'resident', 'social_organisation', 'party', 'community']) as organiser,
    -- how many a month in a community, and how many take part
    unnest([1.3, 6.0, 1.8, 2.6, 0.8, 1.0]) as monthly,
    unnest([24, 2, 30, 26, 40, 90]) as people,
    unnest([2.0, 3.0, 3.0, 7.0, 2.0, 4.0]) as hours
),
month as (
  select unnest(generate_series(date_trunc('month', first_day), last_day, interval 1 month))::date as month, first_day, last_day
  from moment
),
place_in as (
  select community, list(cell order by cell) as cells, min(fengqiao_from) as fengqiao_from, min(local) as local
  from place
  group by community
),
slot as (
  select
    p.*,
    c.cells,
    c.fengqiao_from,
    c.local,
    m.*,
    identity(p.kind || c.community::varchar, date_diff('month', date '2020-01-01', m.month) * 16 + k.k) as h,
    k.k
  from plan p, place_in c, month m, unnest(range(0, 12)) as k(k)
),
held as (
  select
    *,
    (month + (28 * random_of(h, 'day'))::integer)::date as held_on
  from slot
  where random_of(h, 'held') < monthly * (1 + 2 * local + if(kind = 'deliberation' and month >= fengqiao_from, 0.5, 0)) / 12
)
select
  'HD' || lpad((row_number() over (order by held_on, h))::varchar, 6, '0') as activity_id,
  kind,
  if(kind = 'volunteer' and random_of(h, 'organiser') < 0.3, 'social_organisation', if(kind = 'deliberation' and random_of(h, 'organiser') < 0.35, 'resident',
    if(kind = 'service' and random_of(h, 'organiser') < 0.2, 'enterprise', organiser))) as organiser,
  grid_code,
  held_on,
  greatest(1, (people * exp(0.4 * normal_of(h, 'people')))::integer) as participants,
  if(kind = 'visit', (4 + 30 * random_of(h, 'households'))::integer, null) as households_visited,
  round(hours * (0.6 + 0.8 * random_of(h, 'hours')), 1) as hours,
  if(kind = 'social_work' and random_of(h, 'funded') < 0.2, (500 + 9000 * random_of(h, 'funding'))::integer, null) as funding_yuan
from held
join (select cell, grid_code from place) c on c.cell = list_extract(cells, 1 + floor(len(cells) * random_of(h, 'cell'))::integer)
where held_on between first_day and last_day
order by activity_id;
