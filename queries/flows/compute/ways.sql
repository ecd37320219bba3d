-- fills case_way_month
delete from case_way_month
where month in (select month from part.stale_month where clock = 'closed_at');
insert into case_way_month
with closed as (
  select
    date_trunc('month', closed_at)::date as month,
    subdistrict_code,
    community_code,
    coalesce(source, '') as source,
    coalesce(category_1, '') as category_1,
    coalesce(department, 'kind:' || handler_kind, '') as handler,
    coalesce(handling_level, '') as handling_level
  from case_fact
  where is_valid
    and is_closed
    and date_trunc('month', closed_at) in (select month from part.stale_month where clock = 'closed_at')
)
select
  case
    when grouping(source) = 0 then 'start'
    else 'finish'
  end as part,
  month,
  subdistrict_code,
  community_code,
  source,
  category_1,
  handler,
  handling_level,
  count(*)
from closed
group by grouping sets (
  (month, subdistrict_code, community_code, source, category_1),
  (month, subdistrict_code, community_code, category_1, handler, handling_level)
)
order by all;
