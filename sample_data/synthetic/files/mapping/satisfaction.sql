-- 12345 回访记录 → satisfaction
select
  "回访编号" as survey_id,
  "案件编号" as case_id,
  "网格编码" as grid_code,
  "回访时间" as surveyed_at,
  "回访方式" as method,
  "是否接通" as contacted_ok,
  "是否作答" as responded,
  "是否解决" as resolved,
  "评价" as score
from raw
