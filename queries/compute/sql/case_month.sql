-- one row is: what happened to the cases of one grid in one month
delete from case_month
where month in (select month from part.stale_month where clock = 'cohort_at');
insert into case_month
with moved as (
  select
    date_trunc('month', reported_at)::date as month,
    grid_code,
    community_code,
    subdistrict_code,
    count(*) as reported,
    0 as closed,
    count_if(source = 'superior') as superior,
    count_if(not is_on_hold) as entered,
    count(due_at) as limited,
    0 as ended,
    0 as overdue,
    0 as overdue_ended
  from case_fact
  where is_valid
  group by all
  union all
  select
    date_trunc('month', closed_at)::date,
    grid_code,
    community_code,
    subdistrict_code,
    0,
    count(*),
    0,
    0,
    0,
    count_if(not is_on_hold),
    0,
    count_if(not is_on_hold and closed_at > due_at)
  from case_fact
  where is_valid
    and is_closed
  group by all
  union all
  select
    date_trunc('month', due_at)::date,
    grid_code,
    community_code,
    subdistrict_code,
    0,
    0,
    0,
    0,
    0,
    0,
    count(*),
    0
  from case_fact
  where is_valid
    and not is_on_hold
    and due_at < coalesce(closed_at, as_of)
  group by all
)
select
  month,
  grid_code,
  community_code,
  subdistrict_code,
  sum(reported),
  sum(closed),
  sum(superior),
  sum(entered),
  sum(limited),
  sum(ended),
  sum(overdue),
  sum(overdue_ended)
from moved
where month in (select month from part.stale_month where clock = 'cohort_at')
group by month, grid_code, community_code, subdistrict_code
order by month, grid_code;
