-- one row is: one grid ('' where none is known) with its days that have cases, counted from the first, and the cases reported and closed on each
-- $1 first day, $2 day after the last
with by_day as (
  select
    coalesce(grid_code, '') as grid_code,
    (day - $1::date)::integer as day,
    sum(reported)::integer as reported,
    sum(closed)::integer as closed
  from case_day
  where day >= $1::date
    and day < $2::date
  group by all
)
select
  grid_code,
  list(day order by day),
  list(reported order by day),
  list(closed order by day)
from by_day
group by grid_code
