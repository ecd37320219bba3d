-- one row is: the answered surveys about cases of one grid and one kind of handler in one month
select
  date_trunc('month', surveyed_at)::date as month,
  grid_code,
  community_code,
  subdistrict_code,
  handler_kind,
  count(*),
  count(*) filter (score >= 4)
from survey_fact
where responded
  and part.is_stale('surveyed_at', surveyed_at, community_code)
  and score is not null
  and handler_kind is not null
group by all
order by month, subdistrict_code, community_code, grid_code;
