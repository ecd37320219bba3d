-- 案件流转日志 → case_events
select
  "案件编号" as case_id,
  "步骤" as seq,
  "环节" as event,
  "时间" as happened_at,
  "经办单位" as actor,
  "经办层级" as level,
  "原因" as reason
from raw
