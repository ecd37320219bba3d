-- one row is: the mediated disputes of one kind of handler that took a number of half-days, in one area and span; parameters as in closings.sql
select
  handler_kind,
  half_days,
  sum(disputes)::bigint
from mediation_time
where month >= $3
  and month < $4
  and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
group by all
order by all
