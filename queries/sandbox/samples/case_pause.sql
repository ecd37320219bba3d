-- zh: 挂账时长（天）的分位数
-- en: Quantiles of days on hold
select
  count(*) as pauses,
  quantile_cont(epoch(ended_at - started_at) / 86400, [0.25, 0.5, 0.9]) as days
from case_pause
where ended_at is not null
