-- Millions of cases are grouped by month, area and word many times over. Numbers of a byte or two group several times
-- as fast as texts do, so that the tables are counted on numbers, and get their texts when they are counted.
-- came_case, gone_case: the cases that changed, as they are and as they were, where the rest stays as it was counted (flows.Number)

-- flow_place: one row is one grid with the areas it belonged to, or without, for cases of a time at which it was not in force;
-- grid: the same number wherever it belonged; flow_community and flow_subdistrict: one row is one area
create or replace temp table flow_place as
with known as (
  select distinct grid_code, community_code, subdistrict_code
  from grids
  union
  select distinct grid_code, null, null
  from cases
  where grid_code is not null
  union
  select distinct grid_code, null, null
  from gone_case
  where grid_code is not null
)
select
  row_number() over (order by subdistrict_code, community_code, grid_code)::integer as place,
  case
    when coalesce(community_code, subdistrict_code) is not null
      then dense_rank() over (order by subdistrict_code, community_code)::smallint
  end as community,
  case
    when subdistrict_code is not null
      then dense_rank() over (order by subdistrict_code)::smallint
  end as subdistrict,
  dense_rank() over (order by grid_code)::integer as grid,
  grid_code,
  community_code,
  subdistrict_code
from known;
create or replace temp table flow_community as
select distinct community, community_code, subdistrict_code
from flow_place
where community is not null;
create or replace temp table flow_subdistrict as
select distinct subdistrict, subdistrict_code
from flow_place
where subdistrict is not null;

-- flow_word: one row is one text of a column; what is missing has the number 0 and no row
-- (the texts of a single column are found far quicker than those of one with a constant beside it)
create or replace temp table flow_word as
with word as (
  select 'category' as field, text
  from (select distinct category_1 as text from cases union select distinct category_1 from gone_case)
  union all
  select 'channel', text
  from (select distinct channel as text from cases union select distinct channel from gone_case)
  union all
  select 'department', text
  from (select distinct department as text from cases union select distinct department from gone_case)
  union all
  select 'handler_kind', text
  from (select distinct handler_kind as text from cases union select distinct handler_kind from gone_case)
  union all
  select 'source', text
  from (select distinct source as text from cases union select distinct source from gone_case)
  union all
  select 'reported_level', text
  from (select distinct reported_level as text from cases union select distinct reported_level from gone_case)
  union all
  select 'handling_level', text
  from (select distinct handling_level as text from cases union select distinct handling_level from gone_case)
  union all
  select 'priority', text
  from (select distinct priority as text from cases union select distinct priority from gone_case)
)
select
  field,
  text,
  case field when 'handler_kind' then 'kind:' || text else text end as shown,
  row_number() over (order by field, text)::smallint as word
from word
where text <> '';

-- Where the data contract allows few texts, looking them up in a list takes a third of a join's time; departments and categories may be many.
set variable flow_words = (
  select
    map_from_entries(list((field, words)))
  from (
    select
      field,
      list(text order by word) as words
    from flow_word
    group by field
  )
);
set variable flow_first = (
  select
    map_from_entries(list((field, first)))
  from (
    select
      field,
      min(word) - 1 as first
    from flow_word
    group by field
  )
);
create or replace temp macro flow_number(field, text) as
  (list_position(getvariable('flow_words')[field], text) + getvariable('flow_first')[field])::smallint;

-- flow_case: one row is one valid case; handler: the department, or the kind of handler where there is none
create or replace temp macro flow_numbers(source) as table
select
  c.reported_at,
  c.closed_at,
  c.due_at,
  c.as_of,
  c.is_closed,
  c.is_on_hold,
  p.place,
  p.community,
  p.subdistrict,
  coalesce(category.word, 0) as category,
  coalesce(flow_number('channel', c.channel), 0) as channel,
  coalesce(department.word, flow_number('handler_kind', c.handler_kind), 0) as handler,
  coalesce(flow_number('source', c.source), 0) as source,
  coalesce(flow_number('reported_level', c.reported_level), 0) as reported_level,
  coalesce(flow_number('handling_level', c.handling_level), 0) as handling_level,
  coalesce(flow_number('priority', c.priority), 0) as priority
from query_table(source) as c
left join flow_place as p on p.grid_code = c.grid_code
  and p.community_code is not distinct from c.community_code
  and p.subdistrict_code is not distinct from c.subdistrict_code
left join flow_word as category on category.field = 'category'
  and category.text = c.category_1
left join flow_word as department on department.field = 'department'
  and department.text = c.department
where c.is_valid;
create or replace temp table flow_case as from flow_numbers('case_fact');

-- flow_moved: one row is one valid case that came (sign 1) or is gone (sign -1)
create or replace temp table flow_moved as
select *, 1 as sign
from flow_numbers('came_case')
union all
select *, -1
from flow_numbers('gone_case');
