-- zh: 各渠道案件量、结案率与办结时长中位数
-- en: Cases by channel, share closed and median days to close
select
  channel,
  count(*) as cases,
  round(avg(is_closed::integer), 3) as closed_share,
  round(median(elapsed_hours) filter (is_closed) / 24, 1) as median_days
from case_fact
where is_valid
group by
  channel
order by
  cases desc
