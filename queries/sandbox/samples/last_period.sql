-- zh: 最近的时段
-- en: The latest periods
select
  period_kind,
  max(period) as period
from last_period
group by
  period_kind
