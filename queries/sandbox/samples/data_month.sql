-- zh: 数据覆盖的月份
-- en: Months that the data cover
select
  month,
  on_day,
  days
from data_month
order by
  month desc
