-- 活动台账 → activities
select
  "活动编号" as activity_id,
  "活动类型" as kind,
  "组织方" as organiser_kind,
  "网格编码" as grid_code,
  "日期" as held_on,
  "参与人次" as participants,
  "走访户次" as households_visited,
  "服务时长" as hours,
  "引入资金(元)" as funding_yuan
from raw
