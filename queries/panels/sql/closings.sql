-- one row is: the cases closed in one area in one month, by kind of handler and level; $1 geo level, $2 code, $3 first month, $4 day after the last
select
  strftime(month, '%Y-%m'),
  coalesce(handler_kind, ''),
  coalesce(handling_level, ''),
  sum(closed)::bigint,
  sum(disputes)::bigint,
  sum(mediated)::bigint,
  sum(agreed)::bigint,
  sum(confirmed)::bigint
from closing_month
where month >= $3
  and month < $4
  and case $1 when 'district' then true when 'subdistrict' then subdistrict_code = $2 when 'community' then community_code = $2 else grid_code = $2 end
group by all
order by all
