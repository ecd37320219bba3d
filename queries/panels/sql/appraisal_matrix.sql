-- one row is: one department and one subdistrict that appraised each other in a span: mean scores in both directions, and how many were due and given
-- $1 subdistrict ('' means all of them), $2 first month, $3 day after the last
with pair as (
  select
    case direction when 'department_on_subdistrict' then from_org else to_org end as department,
    case direction when 'department_on_subdistrict' then to_org else from_org end as subdistrict,
    direction = 'department_on_subdistrict' as is_down,
    score
  from appraisals
  where period >= $2
    and period < $3
)
select
  p.department,
  p.subdistrict,
  coalesce(a.name, p.subdistrict),
  avg(p.score) filter (is_down),
  avg(p.score) filter (not is_down),
  count(*),
  count(p.score)
from pair as p
left join area as a on a.geo_level = 'subdistrict'
  and a.geo_code = p.subdistrict
where $1 in ('', p.subdistrict)
group by all
order by p.department, p.subdistrict
