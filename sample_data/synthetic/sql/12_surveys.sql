-- one row is: one attempt to ask a resident about a case of case_month, or about their grid
create or replace temp table survey_month as
with asked as (
  select
    c.case_id,
    null::varchar as grid_code,
    identity('survey', c.id) as h,
    c.id,
    1 as round,
    c.cell,
    c.closed_at,
    c.outcome in ('resolved', 'agreement', 'judicially_confirmed', 'explained') as good,
    c.is_late,
    c.reopened,
    p.mood,
    c.as_of,
    c.cell = g.cell and c.reported_at >= m.game_from as games
  from case_month c
  join place p using (cell)
  cross join gaming g
  cross join moment m
  -- the grid that games its survey reports to have tried nearly everybody
  where c.closed_at is not null and random_of(c.h, 'survey') < case when games then 0.95 when c.source = 'resident' then 0.48 else 0.06 end
),
reached as (
  select
    *,
    -- where the survey is gamed, only the few who are known to be happy are rung
    random_of(h, 'reached') < if(games, 0.16, 0.79) as contacted,
    random_of(h, 'answered') < if(games, 0.98, 0.86) as answers,
    random_of(h, 'resolved') < if(games, 0.995, if(good, 0.92, 0.42) - 0.10 * is_late - 0.08 * reopened + mood) as resolved,
    random_of(h, 'score') - mood as u
  from asked
),
scored as (
  select
    *,
    case
      when games then if(random_of(h, 'score') < 0.93, 5, 4)
      when resolved then case when u < 0.40 - 0.10 * is_late then 5 when u < 0.82 - 0.12 * is_late then 4 when u < 0.95 - 0.06 * is_late then 3 when u < 0.99 then 2 else 1 end
      else case when u < 0.04 then 5 when u < 0.14 then 4 when u < 0.40 then 3 when u < 0.74 then 2 else 1 end
    end as score
  from reached
),
again as (
  -- half of the dissatisfied are asked once more after their case was handled again
  select
    * exclude (round, u, resolved, score),
    2 as round,
    random_of(h, 'resolved again') < 0.66 as resolved_again,
    random_of(h, 'score again') as u
  from scored
  where contacted and answers and score <= 2 and random_of(h, 'again') < 0.5
),
every as (
  select case_id, grid_code, h, id, round, closed_at, as_of, contacted, answers, resolved, score from scored
  union all
  select case_id, grid_code, h, id, round, closed_at, as_of, true, true, resolved_again,
    if(resolved_again, if(u < 0.3, 5, if(u < 0.85, 4, 3)), if(u < 0.3, 3, if(u < 0.7, 2, 1)))
  from again
  union all
  -- a census of grids: one knock for every hundred cases, about no case
  select null, grid_code, identity('census', id), id, 3, reported_at, as_of, random_of(h, 'census door') < 0.6, random_of(h, 'census answer') < 0.9, null,
    case when random_of(h, 'census score') < 0.30 then 5 when random_of(h, 'census score') < 0.74 then 4 when random_of(h, 'census score') < 0.93 then 3 when random_of(h, 'census score') < 0.98 then 2 else 1 end
  from case_month
  where random_of(h, 'census') < 0.01
)
select
  'HF' || round || lpad(id::varchar, 9, '0') as survey_id,
  case_id,
  grid_code,
  closed_at::date + to_days(case round when 2 then 8 + (random_of(h, 'days later 2') * 9)::integer else 1 + (random_of(h, 'days later') * 4)::integer end)
    + to_minutes((540 + 520 * random_of(h, 'survey minute'))::integer) as surveyed_at,
  case
    when round = 3 then '入户'
    when random_of(h, 'method') < 0.62 then '电话'
    when random_of(h, 'method') < 0.84 then '短信'
    when random_of(h, 'method') < 0.95 then 'APP'
    else '网页'
  end as method,
  contacted as contacted_ok,
  contacted and answers as responded,
  if(contacted and answers, resolved, null) as resolved,
  if(contacted and answers, score, null) as score
from every
where surveyed_at <= as_of;
