-- one row is: the cases of one main category reported in one grid ('' where none is known) in one month, counted from the first; $1 first day of the first month, $2 day after the last
select
  coalesce(grid_code, ''),
  datediff('month', $1::date, day)::integer,
  category_1,
  sum(reported)::integer
from case_day
where day >= $1::date
  and day < $2::date
  and category_1 is not null
group by all
having sum(reported) > 0
