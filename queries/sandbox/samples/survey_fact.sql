-- zh: 各办理主体的满意率
-- en: Satisfaction by kind of handler
select
  handler_kind,
  count(*) as answered,
  round(avg((score >= 4)::integer), 3) as satisfied_share
from survey_fact
where responded
  and score is not null
group by
  handler_kind
order by
  satisfied_share desc
