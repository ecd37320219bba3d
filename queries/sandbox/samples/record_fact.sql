-- zh: 数据完整率（按月）
-- en: Completeness of required fields, by month
select
  date_trunc('month', happened_at)::date as month,
  round(sum(fields_filled) / sum(fields_required), 4) as filled_share
from record_fact
group by
  month
order by
  month
