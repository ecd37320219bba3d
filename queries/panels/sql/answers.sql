-- one row is: the answered surveys about cases of one kind of handler, in one area and span; parameters as in closings.sql
select
  handler_kind,
  sum(answered)::bigint,
  sum(satisfied)::bigint
from answer_month
where month >= $3
  and month < $4
  and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
group by all
order by all
