-- one row is: one department and one subdistrict that were due to appraise each other in one month
-- A score that is missing was due but not given. gap: department on subdistrict minus subdistrict on department.
create or replace view appraisal_pair as
with pair as (
  select
    date_trunc('month', period)::date as month,
    case direction when 'department_on_subdistrict' then from_org else to_org end as department,
    case direction when 'department_on_subdistrict' then to_org else from_org end as subdistrict_code,
    max(score) filter (direction = 'department_on_subdistrict') as given_down,
    max(score) filter (direction = 'subdistrict_on_department') as given_up
  from appraisals
  group by 1, 2, 3
)
select
  month,
  department,
  null::varchar as grid_code,
  null::varchar as community_code,
  subdistrict_code,
  given_down is not null and given_up is not null as is_mutual,
  given_down - given_up as gap
from pair;
