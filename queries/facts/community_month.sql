-- one row is: one community with a grid in force in one month; it belongs to no single grid
create or replace view community_month as
select
  month,
  null::varchar as grid_code,
  community_code,
  subdistrict_code,
  sum(meetings)::bigint as meetings,
  sum(mediators)::bigint as mediators
from grid_month
where community_code is not null
group by month, community_code, subdistrict_code
having bool_or(in_force);
