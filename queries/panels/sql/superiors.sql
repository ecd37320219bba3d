-- one row is: one month of one area: cases that came from above (上级交办) and grid workers in post (worker-months); parameters as in closings.sql
with cases as (
  select
    month,
    sum(superior) as superior
  from case_month
  where month >= $3
    and month < $4
    and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
  group by month
)
select
  strftime(c.month, '%Y-%m'),
  coalesce(c.superior, 0)::bigint,
  v.denominator
from cases as c
left join indicator_value as v on v.indicator = 'F61'
  and v.geo_level = $1
  and v.geo_code = $2
  and v.period = strftime(c.month, '%Y-%m')
order by c.month
