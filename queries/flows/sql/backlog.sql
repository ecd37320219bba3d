-- one row is: the open cases of one age band, one layer and one state at the end of a month; $3 the month, $4 unused, other parameters as in speed.sql
-- $7 what the layers are: level (first reported at) or priority
select
  age_from,
  case $7
    when 'priority' then priority
    else reported_level
  end as layer,
  state,
  sum(open)::bigint as open
from case_backlog_month
where cut = $5
  and month = $3
  and month < $4
  and ($6 = '' or cut_value = $6)
  and case $1
    when 'subdistrict' then subdistrict_code = $2
    when 'community' then community_code = $2
    when 'grid' then grid_code = $2
    else true
  end
group by age_from, layer, state
order by age_from, layer, state
