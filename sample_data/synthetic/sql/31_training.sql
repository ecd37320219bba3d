-- one row is: one course of one worker
create table training as
with session as (
  select
    s.staff_key,
    s.role,
    identity(s.staff_key, q.q) as h,
    m.first_day + (91 * q.q)::integer as quarter_from,
    s.valid_from,
    coalesce(s.valid_to, m.last_day + 1) as until,
    m.last_day
  from staff s, moment m, unnest(range(0, m.days // 91 + 1)) as q(q)
)
select
  staff_key,
  quarter_from + (80 * random_of(h, 'day'))::integer as held_on,
  ['网格员业务培训', '矛盾调解实务', '应急与安全', '信息平台操作', '群众工作方法'][1 + (random_of(h, 'course') * 5)::integer % 5] as course,
  [2, 3, 4, 6, 8][1 + floor(random_of(h, 'hours') * 5)::integer] as hours,
  random_of(h, 'passed') < 0.94 as passed
from session
where random_of(h, 'attends') < case role when 'grid_worker' then 0.80 when 'community_staff' then 0.66 when 'social_worker' then 0.85 else 0.35 end
  and held_on >= valid_from and held_on < until and held_on <= last_day
order by staff_key, held_on;
