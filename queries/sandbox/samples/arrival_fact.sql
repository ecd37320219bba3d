-- zh: 数据到达的滞后（小时）
-- en: Hours between an event and its arrival
select
  round(median(epoch(arrived_at - changed_at) / 3600), 1) as median_hours,
  round(avg((epoch(arrived_at - changed_at) <= 86400)::integer), 3) as within_a_day
from arrival_fact
where changed_at is not null
