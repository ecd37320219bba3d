-- one row is: one score that a department gave a subdistrict, or the other way round, for one month
create table appraisal as
with pair as (
  select
    d.department,
    s.subdistrict,
    '990100' || lpad(s.subdistrict::varchar, 3, '0') as code,
    m.month,
    identity(d.department || m.month::varchar, s.subdistrict) as h
  from (select distinct department from category) d, subdistrict s, (
    select unnest(generate_series(date_trunc('month', first_day), last_day, interval 1 month))::date as month
    from moment
  ) m
)
select
  department as from_org, code as to_org, '部门评街道' as direction, month,
  if(random_of(h, 'due') < 0.03, null, least(100, round(86 + 4 * normal_of(h, 'down') - if(subdistrict = 7, 3, 0), 1))) as score
from pair
union all
select
  code, department, '街道评部门', month,
  if(random_of(h, 'due back') < 0.08, null, least(100, round(82 + 5 * normal_of(h, 'up'), 1)))
from pair
order by month, direction, from_org, to_org;
