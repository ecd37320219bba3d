-- zh: 有流转日志的案件：顺序是否合规、退回次数
-- en: Cases with a log: in order, and how often sent back
select
  is_in_order,
  count(*) as cases,
  round(avg(returns), 2) as mean_returns
from case_log
group by
  is_in_order
