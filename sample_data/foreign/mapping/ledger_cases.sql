-- one row is: one work order of the subdistrict's ledger
select
  "工单编号" as case_id,
  'request' as case_kind,
  "来电时间" as reported_at,
  "大类" as category_1,
  "小类" as category_2,
  "社区" || '/' || "网格号" as grid_code,
  "办结时间" as closed_at,
  "状态" as status
from raw
