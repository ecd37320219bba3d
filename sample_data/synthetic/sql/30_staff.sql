-- one row is: one person in one post over one period; a post passes from one to the next, with a gap between them
create table staff as
with post as (
  select cell, 'grid_worker' as role, 'full_time' as employment, 'government' as organisation, 1 as n, 0.98 as filled, fengqiao_from from place
  union all
  select cell, 'grid_worker', 'part_time', 'government', 2, 0.30, fengqiao_from from place
  union all
  select cell, 'volunteer_leader', 'volunteer', 'resident', 1, 0.45, fengqiao_from from place
  union all
  select min(cell), 'social_worker', 'full_time', 'social_organisation', 1, 0.75, null from place group by community
  union all
  select min(cell) + 1, 'social_worker', 'part_time', 'social_organisation', 2, 0.35, null from place group by community
  union all
  select max(cell), 'mediator', 'volunteer', 'resident', 1, 0.55, null from place group by community
  union all
  -- 枫桥经验 brings two local mediators to each community that takes it up
  select max(cell), 'mediator', 'volunteer', 'resident', n, 1.0, min(fengqiao_from)
  from place, unnest([2, 3]) as t(n)
  where fengqiao_from is not null
  group by community, n
  union all
  select min(cell) + n % 4, 'community_staff', 'full_time', 'government', n, 0.95, null
  from place, unnest([1, 2, 3, 4]) as t(n)
  group by community, n
),
numbered as (
  select
    *,
    identity(role || n::varchar || employment, cell) as post_h
  from post
),
turn as (
  select
    p.*,
    t.turn,
    identity('turn ' || t.turn::varchar, p.post_h >> 2) as h,
    m.first_day,
    m.last_day
  from numbered p, unnest(range(0, 6)) as t(turn), moment m
  where random_of(p.post_h, 'filled') < p.filled
),
timed as (
  select
    *,
    if(random_of(h, 'stay') < 0.7, 900, 300) * -ln(1 - random_of(h, 'stay how long')) + 200 as days_in,
    if(random_of(h, 'gap') < 0.7, 5, 20 + 80 * random_of(h, 'gap length')) as days_gap
  from turn
),
placed as (
  select
    *,
    if(role = 'mediator' and n >= 2, fengqiao_from, first_day - (900 * random_of(post_h, 'first start'))::integer)
      + sum(days_in + days_gap) over (partition by post_h order by turn)::integer - (days_in + days_gap)::integer as valid_from
  from timed
)
select
  'RY' || lpad((row_number() over (order by p.cell, role, n, turn))::varchar, 6, '0') as staff_key,
  p.cell,
  c.grid_code,
  role,
  employment,
  organisation,
  year(valid_from) - case role when 'social_worker' then 24 + (18 * random_of(h, 'age'))::integer when 'mediator' then 52 + (18 * random_of(h, 'age'))::integer
    when 'volunteer_leader' then 45 + (24 * random_of(h, 'age'))::integer else 24 + (28 * random_of(h, 'age'))::integer end as birth_year,
  random_of(h, 'party') < case role when 'mediator' then 0.6 when 'social_worker' then 0.25 else 0.42 end as party_member,
  if(role in ('grid_worker', 'social_worker', 'mediator'), random_of(h, 'certified') < 0.55, null) as certified,
  valid_from,
  if(valid_from + days_in::integer <= last_day, valid_from + days_in::integer, null) as valid_to
from placed p
join place c on c.cell = p.cell
where valid_from <= last_day and (valid_from + days_in::integer > first_day - 60)
order by p.cell, role, n, turn;
