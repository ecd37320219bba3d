-- one row is: the activities of one kind and organiser in one area and month; parameters as in closings.sql
select
  strftime(month, '%Y-%m'),
  coalesce(kind, ''),
  coalesce(organiser_kind, ''),
  sum(activities)::bigint,
  coalesce(sum(participants), 0)::bigint,
  coalesce(sum(hours), 0),
  coalesce(sum(households_visited), 0)::bigint,
  sum(funding_yuan)
from activity_month
where month >= $3
  and month < $4
  and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
group by all
order by all
