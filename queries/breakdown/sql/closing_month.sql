-- one row is: the valid cases of one grid that one kind of handler closed at one level in one month
select
  date_trunc('month', closed_at)::date as month,
  grid_code,
  community_code,
  subdistrict_code,
  handler_kind,
  handling_level,
  count(*),
  count(*) filter (case_kind = 'dispute'),
  count(*) filter (case_kind = 'dispute' and outcome in ('agreement', 'judicially_confirmed', 'mediation_failed')),
  count(*) filter (case_kind = 'dispute' and outcome in ('agreement', 'judicially_confirmed')),
  count(*) filter (case_kind = 'dispute' and outcome = 'judicially_confirmed')
from case_fact
where is_valid
  and is_closed
  and part.is_stale('closed_at', closed_at, community_code)
group by all
order by month, subdistrict_code, community_code, grid_code;
