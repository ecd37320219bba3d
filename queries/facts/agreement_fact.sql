-- one row is: one valid case that ended in an agreement at least 90 days before the end of the data
-- Apart from case_fact, since every day other agreements become so old: of the months that are long over, a night counts these alone again.
-- dated closed_at: cases.closed_at
create or replace view agreement_fact as
select
  case_id,
  closed_at,
  grid_code,
  community_code,
  subdistrict_code,
  reopened
from case_fact
where is_valid
  and is_agreed
  and closed_at <= as_of - interval 90 day;
