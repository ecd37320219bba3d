-- one row is: one practice at one geo level with an indicator that it should move
-- A practice without one has the indicator null; a list of indicators in one field is one row each.
select
  practice,
  coalesce(max(practice_name), practice) as practice_name,
  coalesce(max(practice_name_en), practice) as practice_name_en,
  geo_level,
  nullif(trim(unnest(string_split(coalesce(outcome, ''), ','))), '') as indicator,
  count(distinct geo_code) as areas,
  min(started_on) as first_start,
  max(started_on) as last_start
from interventions
group by practice, geo_level, outcome
order by practice, geo_level, indicator;
