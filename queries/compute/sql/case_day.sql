-- one row is: the cases reported, and those closed, in one grid on one day, by main category
-- Cases come as numbers (queries/flows/compute/cases.sql): there are nearly as many rows as cases.
with moves as (
  select reported_at::date as day, place, category, 1::tinyint as reported, 0::tinyint as closed
  from flow_case
  union all
  select closed_at::date, place, category, 0, 1
  from flow_case
  where is_closed
),
counted as (
  select
    m.day,
    p.grid,
    m.category,
    sum(m.reported) as reported,
    sum(m.closed) as closed
  from moves as m
  left join flow_place as p on p.place = m.place
  where part.is_stale_month('day', m.day)
  group by m.day, p.grid, m.category
)
select
  c.day,
  g.grid_code,
  w.text,
  c.reported,
  c.closed
from counted as c
left join (select distinct grid, grid_code from flow_place) as g on g.grid = c.grid
left join flow_word as w on w.word = c.category
where part.is_stale('day', c.day, g.grid_code)
order by c.day, c.grid, c.category;
