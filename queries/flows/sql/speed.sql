-- one row is: the cases of one group that left after so many days, of those reported in an area over a span of months
-- $1 geo level, $2 code, $3 first month, $4 month after the last, $5 cut, $6 its value ('' means all of them),
-- $7 how they are grouped: cut (by the cut's value) or area (by the areas right below)
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
  days,
  sum(closed)::double as closed,
  sum(open)::double as open
from case_speed_month
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
group by part, days
order by part, days
