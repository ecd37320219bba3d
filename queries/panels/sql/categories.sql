-- one row is: one main category with the cases reported in one area over a span, most first; parameters as in daily.sql
with grids_of as (
  select distinct
    grid_code
  from grids
  where case $1 when 'subdistrict' then subdistrict_code when 'community' then community_code when 'grid' then grid_code end = $2
)
select
  category_1,
  sum(reported)::bigint as reported
from case_day
where day >= $3
  and day < $4
  and category_1 is not null
  and ($1 = 'district' or grid_code in (from grids_of))
group by category_1
having sum(reported) > 0
order by reported desc, category_1
limit 10
