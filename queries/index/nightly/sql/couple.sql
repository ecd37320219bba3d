-- one row is: one area and period with scores of both headline indices, and how far these go together
-- Both count alike (α = 1/2). Scores run from 1 to 100 and enter as a share of 100.
delete from index_coupling;
insert into index_coupling
with pairs as (
  select
    e.geo_level,
    e.geo_code,
    e.period_kind,
    e.period,
    e.score / 100 as u1,
    f.score / 100 as u2
  from index_value as e
  join index_value as f using (geo_level, geo_code, period_kind, period)
  where e.index_code = 'empowerment'
    and f.index_code = 'efficiency'
    and e.score is not null
    and f.score is not null
),
coupled as (
  select
    *,
    2 * sqrt(u1 * u2) / (u1 + u2) as coupling,
    (u1 + u2) / 2 as common_level
  from pairs
  where u1 + u2 > 0
)
select
  geo_level,
  geo_code,
  period_kind,
  period,
  coupling,
  common_level,
  sqrt(coupling * common_level) as coordination,
  greatest(1, least(10, floor(sqrt(coupling * common_level) * 10 + 1e-9)::integer + 1)) as grade
from coupled
order by geo_level, period_kind, period, geo_code;
