-- zh: 不满意件整改后的评分分布
-- en: Scores after a dissatisfied answer was repaired
select
  last_score,
  count(*) as cases
from survey_repair
where asked_again_at is not null
group by
  last_score
order by
  last_score
