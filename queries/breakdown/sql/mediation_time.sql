-- one row is: the mediated disputes of one grid and one kind of handler that took a number of half-days and were closed in one month
select
  date_trunc('month', closed_at)::date as month,
  grid_code,
  community_code,
  subdistrict_code,
  handler_kind,
  elapsed_hours // 12 as half_days,
  count(*)
from case_fact
where is_valid
  and is_closed
  and part.is_stale('closed_at', closed_at, community_code)
  and case_kind = 'dispute'
  and outcome in ('agreement', 'judicially_confirmed', 'mediation_failed')
  and handler_kind is not null
group by all
order by month, subdistrict_code, community_code, grid_code;
