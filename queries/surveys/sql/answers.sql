-- one row is: the survey contacts and answers of one group in an area over a span of months
-- $1 geo level, $2 code, $3 first month, $4 month after the last, $5 cut, $6 its value ('' means all of them),
-- $7 how they are grouped: cut (by the cut's value), month, or a geo level
select
  coalesce(
    case $7
      when 'cut' then cut_value
      when 'month' then strftime(month, '%Y-%m')
      when 'subdistrict' then subdistrict_code
      when 'community' then community_code
      when 'grid' then grid_code
    end,
    ''
  ) as part,
  sum(asked)::bigint as asked,
  sum(contact_known)::bigint as contact_known,
  sum(contacted)::bigint as contacted,
  sum(answered)::bigint as answered,
  sum(resolved_known)::bigint as resolved_known,
  sum(resolved)::bigint as resolved,
  sum(score_1)::bigint as score_1,
  sum(score_2)::bigint as score_2,
  sum(score_3)::bigint as score_3,
  sum(score_4)::bigint as score_4,
  sum(score_5)::bigint as score_5
from survey_month
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
group by part
having sum(asked) > 0
order by part
