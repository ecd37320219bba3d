-- one row is: the answered surveys about cases of one grid and one kind of handler in one month
delete from answer_month
where month in (select month from part.stale_month where clock = 'surveyed_at');
insert into answer_month
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
  and date_trunc('month', surveyed_at) in (select month from part.stale_month where clock = 'surveyed_at')
  and score is not null
  and handler_kind is not null
group by all
order by month, subdistrict_code, community_code, grid_code;
