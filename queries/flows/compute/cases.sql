-- Millions of cases are grouped by month, area and word many times over. Numbers of a byte or two group several times
-- as fast as texts do, so that the tables are counted on numbers, and get their texts when they are counted.

-- flow_place: one row is one grid with the areas it belonged to; flow_community and flow_subdistrict: one row is one area
create or replace temp table flow_place as
select
  row_number() over (order by subdistrict_code, community_code, grid_code)::integer as place,
  dense_rank() over (order by subdistrict_code, community_code)::smallint as community,
  dense_rank() over (order by subdistrict_code)::smallint as subdistrict,
  grid_code,
  community_code,
  subdistrict_code
from (select distinct grid_code, community_code, subdistrict_code from grids);
create or replace temp table flow_community as
select distinct community, community_code, subdistrict_code
from flow_place;
create or replace temp table flow_subdistrict as
select distinct subdistrict, subdistrict_code
from flow_place;

-- flow_word: one row is one text of a column; what is missing has the number 0 and no row
create or replace temp table flow_word as
with word as (
  select distinct 'category' as field, category_1 as text from cases
  union all
  select distinct 'channel', channel from cases
  union all
  select distinct 'department', department from cases
  union all
  select distinct 'handler_kind', handler_kind from cases
  union all
  select distinct 'source', source from cases
  union all
  select distinct 'reported_level', reported_level from cases
  union all
  select distinct 'handling_level', handling_level from cases
  union all
  select distinct 'priority', priority from cases
)
select
  field,
  text,
  case field when 'handler_kind' then 'kind:' || text else text end as shown,
  row_number() over (order by field, text)::smallint as word
from word
where text <> '';

-- flow_case: one row is one valid case; handler: the department, or the kind of handler where there is none
create or replace temp table flow_case as
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
  coalesce(channel.word, 0) as channel,
  coalesce(department.word, kind.word, 0) as handler,
  coalesce(source.word, 0) as source,
  coalesce(reported.word, 0) as reported_level,
  coalesce(handling.word, 0) as handling_level,
  coalesce(priority.word, 0) as priority
from case_fact as c
left join flow_place as p on p.grid_code = c.grid_code
  and p.community_code = c.community_code
  and p.subdistrict_code = c.subdistrict_code
left join flow_word as category on category.field = 'category'
  and category.text = c.category_1
left join flow_word as channel on channel.field = 'channel'
  and channel.text = c.channel
left join flow_word as department on department.field = 'department'
  and department.text = c.department
left join flow_word as kind on kind.field = 'handler_kind'
  and kind.text = c.handler_kind
left join flow_word as source on source.field = 'source'
  and source.text = c.source
left join flow_word as reported on reported.field = 'reported_level'
  and reported.text = c.reported_level
left join flow_word as handling on handling.field = 'handling_level'
  and handling.text = c.handling_level
left join flow_word as priority on priority.field = 'priority'
  and priority.text = c.priority
where c.is_valid;
