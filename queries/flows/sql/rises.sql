-- one row is: the closed cases of one group by the level first reported at and the level closed at; parameters as in speed.sql
select
  coalesce(
    case
      when $7 = 'cut' then cut_value
      when $1 = 'district' then subdistrict_code
      when $1 = 'subdistrict' then community_code
      when $1 = 'community' then grid_code
    end,
    ''
  ) as part,
  reported_level,
  handling_level,
  sum(closed)::bigint as closed
from case_rise_month
where cut = $5
  and month >= $3
  and month < $4
  and ($6 = '' or cut_value = $6)
  and case $1
    when 'subdistrict' then subdistrict_code = $2
    when 'community' then community_code = $2
    when 'grid' then grid_code = $2
    else true
  end
group by part, reported_level, handling_level
order by part, reported_level, handling_level
