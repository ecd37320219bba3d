-- one row is: the closed cases that went from one stage of their way to the next; $5 the category ('' means all), other parameters as in speed.sql
-- stages: 1 source, 2 category, 3 handler, 4 level closed at
with chosen as (
  select *
  from case_way_month
  where month >= $3
    and month < $4
    and ($5 = '' or category_1 = $5)
    and case $1
      when 'subdistrict' then subdistrict_code = $2
      when 'community' then community_code = $2
      when 'grid' then false
      else true
    end
)
select 1 as stage, source as origin, category_1 as goal, sum(closed)::bigint as closed
from chosen
where part = 'start'
group by all
union all
select 2, category_1, handler, sum(closed)::bigint
from chosen
where part = 'finish'
group by all
union all
select 3, handler, handling_level, sum(closed)::bigint
from chosen
where part = 'finish'
group by all
order by 1, 4 desc, 2, 3
