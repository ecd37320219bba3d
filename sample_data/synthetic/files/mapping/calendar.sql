-- 工作日历 → calendar
select
  "日期" as date,
  "是否工作日" as is_workday,
  "节假日" as name
from raw
