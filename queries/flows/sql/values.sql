-- one row is: one category or channel with the cases reported in an area over a span of months, most first; parameters as in speed.sql
select
  cut,
  cut_value,
  sum(closed + open)::bigint as reported
from case_speed_month
where cut in ('category', 'channel')
  and month >= $3
  and month < $4
  and case $1
    when 'subdistrict' then subdistrict_code = $2
    when 'community' then community_code = $2
    when 'grid' then false
    else true
  end
group by cut, cut_value
order by reported desc, cut_value
