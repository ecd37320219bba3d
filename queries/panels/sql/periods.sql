-- one row is: one period that has values for the district, newest first; complete says whether it is over
select
  period_kind,
  period,
  not coalesce(bool_or(flag like '%partial%'), false) as complete
from indicator_value
where geo_level = 'district'
group by period_kind, period
order by period_kind, period desc
