-- zh: 超期未结最多的二十个网格（最近一月）
-- en: The twenty grids with most overdue cases, in the last month
select
  grid_code,
  population,
  workers,
  reported,
  open,
  overdue
from grid_month
where month = (
    select
      max(month)
    from grid_month
  )
order by
  overdue desc
limit 20
