-- one row is: the people in post on one day in one area, by role, kind of employer and age; $1 geo level, $2 code, $3 day
with placed as (
  select distinct
    s.staff_key,
    s.role,
    s.organisation_kind,
    s.birth_year,
    s.certified
  from staff as s
  left join grids as g on g.grid_code = s.grid_code
    and coalesce(g.valid_from, date '0001-01-01') <= $3
    and $3 < coalesce(g.valid_to, date '9999-12-31')
  where coalesce(s.valid_from, date '0001-01-01') <= $3
    and $3 < coalesce(s.valid_to, date '9999-12-31')
    and case $1 when 'district' then true when 'subdistrict' then g.subdistrict_code = $2 when 'community' then g.community_code = $2 else g.grid_code = $2 end
)
select
  role,
  coalesce(organisation_kind, ''),
  case
    when birth_year is null then ''
    when year($3) - birth_year < 35 then 'under_35'
    when year($3) - birth_year < 45 then '35_44'
    when year($3) - birth_year < 55 then '45_54'
    else '55_up'
  end as age,
  count(*)::bigint,
  count(certified)::bigint,
  (count(*) filter (certified))::bigint
from placed
group by all
order by all
