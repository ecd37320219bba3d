-- one row is: one department with the cases dispatched to it in one area and span, and how many came back and why; parameters as in closings.sql
select
  coalesce(department, ''),
  sum(dispatched)::bigint as dispatched,
  sum(returned)::bigint,
  sum(bounced)::bigint,
  sum(wrong_dispatch)::bigint,
  sum(no_authority)::bigint,
  sum(insufficient_information)::bigint,
  sum(failed_check)::bigint,
  sum(other)::bigint
from dispatch_month
where month >= $3
  and month < $4
  and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
group by all
order by dispatched desc, 1
