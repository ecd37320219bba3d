-- one row is: one case whose resident was dissatisfied (score 1 or 2) and answered again later
-- asked_again_at, last_score: the last answer about the case; of answers at the same time, that of the last survey_id.
-- dated asked_again_at: satisfaction.surveyed_at
create or replace view survey_repair as
with answer as (
  select
    case_id,
    min(surveyed_at) filter (score <= 2) as dissatisfied_at,
    max(surveyed_at) as asked_again_at
  from satisfaction
  where responded
    and case_id is not null
    and score is not null
  group by case_id
),
again as (
  select
    a.case_id,
    a.dissatisfied_at,
    a.asked_again_at,
    arg_max(s.score, s.survey_id) as last_score
  from answer as a
  join satisfaction as s on s.case_id = a.case_id
    and s.surveyed_at = a.asked_again_at
  where a.asked_again_at > a.dissatisfied_at
    and s.responded
    and s.score is not null
  group by a.case_id, a.dissatisfied_at, a.asked_again_at
)
select
  a.case_id,
  a.dissatisfied_at,
  a.asked_again_at,
  a.last_score,
  c.grid_code,
  g.community_code,
  g.subdistrict_code
from again as a
join cases as c using (case_id)
left join grids as g on g.grid_code = c.grid_code
  and c.reported_at >= coalesce(g.valid_from, date '0001-01-01')
  and c.reported_at < coalesce(g.valid_to, date '9999-12-31');
