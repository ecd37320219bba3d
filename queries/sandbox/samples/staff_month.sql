-- zh: 基层力量的构成（最近一月）
-- en: Who serves in the grids, in the last month
select
  role,
  employment,
  count(*) as posts,
  round(avg(age), 1) as mean_age,
  round(avg(hours_12_months), 1) as training_hours
from staff_month
where month = (
    select
      max(month)
    from staff_month
  )
group by
  role,
  employment
order by
  posts desc
