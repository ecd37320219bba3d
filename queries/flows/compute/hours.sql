-- the rows of case_hour_month: those that change (hour_change.sql)
select
  cut,
  month,
  subdistrict_code,
  community_code,
  cut_value,
  weekday,
  hour,
  sum(reported)::bigint as reported
from (
  from hour_change()
  union all
  from case_hour_month
  where exists (from part.stale_cell)
    and is_changed_hour(cut, month, subdistrict_code, community_code, cut_value, weekday, hour)
)
group by all
having sum(reported) <> 0
order by cut, month, subdistrict_code, community_code, cut_value;
