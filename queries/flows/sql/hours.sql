-- one row is: the reports of one weekday and hour (null: no time of day is known); parameters as in speed.sql
select
  weekday,
  hour,
  sum(reported)::bigint as reported
from case_hour_month
where cut = $5
  and month >= $3
  and month < $4
  and ($6 = '' or cut_value = $6)
  and case $1
    when 'subdistrict' then subdistrict_code = $2
    when 'community' then community_code = $2
    when 'grid' then false
    else true
  end
group by weekday, hour
order by weekday, hour
