-- one row is: the cases reported and closed in one area on one day of a span; $1 geo level, $2 code, $3 first day, $4 day after the last, $5 main category ('' means all)
with grids_of as (
  select distinct
    grid_code
  from grids
  where case $1 when 'subdistrict' then subdistrict_code when 'community' then community_code when 'grid' then grid_code end = $2
)
select
  day,
  sum(reported)::bigint as reported,
  sum(closed)::bigint as closed
from case_day
where day >= $3
  and day < $4
  and ($5 = '' or category_1 = $5)
  and ($1 = 'district' or grid_code in (from grids_of))
group by day
order by day
