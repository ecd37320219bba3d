-- one row is: the valid cases of one grid that went to one department, by month of dispatch, and how many came back
select
  date_trunc('month', dispatched_at)::date as month,
  grid_code,
  community_code,
  subdistrict_code,
  department,
  count(*),
  count(*) filter (returns >= 1),
  count(*) filter (returns >= 2),
  count(*) filter (returns >= 1 and return_reason = 'wrong_dispatch'),
  count(*) filter (returns >= 1 and return_reason = 'no_authority'),
  count(*) filter (returns >= 1 and return_reason = 'insufficient_information'),
  count(*) filter (returns >= 1 and return_reason = 'failed_check'),
  count(*) filter (returns >= 1 and coalesce(return_reason, 'other') = 'other')
from case_fact
where is_valid
  and part.is_stale('dispatched_at', dispatched_at, community_code)
  and returns is not null
group by all
order by month, subdistrict_code, community_code, grid_code;
