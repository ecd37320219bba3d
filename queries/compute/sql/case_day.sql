-- one row is: the cases reported, and those closed, in one grid on one day, by main category
delete from case_day
where date_trunc('month', day) in (select month from part.stale_month where clock = 'cohort_at');
insert into case_day
with moves as (
  select reported_at::date as day, grid_code, category_1, 1 as reported, 0 as closed
  from case_fact
  where is_valid
  union all
  select closed_at::date, grid_code, category_1, 0, 1
  from case_fact
  where is_valid
    and is_closed
)
select
  day,
  grid_code,
  category_1,
  sum(reported),
  sum(closed)
from moves
where date_trunc('month', day) in (select month from part.stale_month where clock = 'cohort_at')
group by day, grid_code, category_1
order by day, grid_code, category_1;
