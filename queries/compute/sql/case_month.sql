-- one row is: what happened to the cases of one grid in one month
with moved as (
  select
    date_trunc('month', reported_at)::date as month,
    place,
    count(*) as reported,
    0 as closed,
    count_if(source = flow_number('source', 'superior')) as superior,
    count_if(not is_on_hold) as entered,
    count(due_at) as limited,
    0 as ended,
    0 as overdue,
    0 as overdue_ended
  from flow_case
  group by all
  union all
  select
    date_trunc('month', closed_at)::date,
    place,
    0,
    count(*),
    0,
    0,
    0,
    count_if(not is_on_hold),
    0,
    count_if(not is_on_hold and closed_at > due_at)
  from flow_case
  where is_closed
  group by all
  union all
  select
    date_trunc('month', due_at)::date,
    place,
    0,
    0,
    0,
    0,
    0,
    0,
    count(*),
    0
  from flow_case
  where not is_on_hold
    and due_at < coalesce(closed_at, as_of)
  group by all
)
select
  m.month,
  p.grid_code,
  p.community_code,
  p.subdistrict_code,
  sum(m.reported),
  sum(m.closed),
  sum(m.superior),
  sum(m.entered),
  sum(m.limited),
  sum(m.ended),
  sum(m.overdue),
  sum(m.overdue_ended)
from moved as m
left join flow_place as p on p.place = m.place
where part.is_stale('cohort_at', m.month, p.community_code)
group by m.month, p.grid_code, p.community_code, p.subdistrict_code
order by m.month, p.grid_code;
