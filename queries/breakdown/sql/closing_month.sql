-- one row is: the valid cases of one grid that one kind of handler closed at one level in one month
delete from closing_month
where month in (select month from part.stale_month where clock = 'closed_at');
insert into closing_month
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
  and date_trunc('month', closed_at) in (select month from part.stale_month where clock = 'closed_at')
group by all
order by month, subdistrict_code, community_code, grid_code;
