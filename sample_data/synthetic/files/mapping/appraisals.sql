-- 双向考核评分表 → appraisals
select
  "评分方" as from_org,
  "被评方" as to_org,
  "方向" as direction,
  "考核月份" as period,
  "得分" as score
from raw
