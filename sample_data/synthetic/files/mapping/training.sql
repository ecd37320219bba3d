-- 培训台账 → training
select
  "人员编号" as staff_key,
  "培训日期" as held_on,
  "课程" as course,
  "学时" as hours,
  "是否合格" as passed
from raw
