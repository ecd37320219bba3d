-- code: grids_overlap
-- feed: grids
-- when: end
-- severity: refuse
-- zh: 同一网格有两个时段重叠，案件会被重复计数
-- en: a grid has two shapes in force on the same day, so that its cases would count twice
-- one row is: one department at fault
with span as (
  select
    grid_code,
    load_id,
    coalesce(valid_from, date '0001-01-01') as starts,
    coalesce(valid_to, date '9999-12-31') as ends
  from grids
)
select
  'grids' as feed,
  l.department,
  count(distinct later.grid_code) as failed,
  (select count(distinct grid_code) from grids) as checked,
  list_sort(list(distinct later.grid_code))[:10]::varchar as detail
from span as later
join span as earlier on earlier.grid_code = later.grid_code
  and earlier.starts < later.starts
  and earlier.ends > later.starts
left join load as l on l.load_id = later.load_id
group by l.department
