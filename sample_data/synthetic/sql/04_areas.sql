-- one row is: one subdistrict
create table subdistrict as
select
  unnest(range(1, 13)) as subdistrict,
  unnest(['永宁', '文昌', '河口', '锦西', '望江', '石桥', '青山', '新港', '南湖', '北塘', '云台', '龙泉']) || '街道' as name;

-- one row is: one community; the practices reach communities outside the subdistrict that slips
create table community as
with shuffled_name as (
  select
    stem || suffix || '社区' as name,
    row_number() over (order by random_of(identity('community name', s * 3 + x), 'order')) as community
  from (
    select
      unnest(['东风', '新华', '和平', '建设', '红旗', '胜利', '书院', '青云', '锦绣', '金桥', '柳荫', '桃源', '梅园', '兰溪',
        '竹林', '松涛', '荷塘', '桂香', '枫林', '杏花', '古井', '清泉', '渡口', '长堤', '碧波', '学府', '钟楼', '鼓楼', '西坡',
        '北门', '东关', '朝阳', '向阳', '曙光', '春晖', '双桥', '文峰', '仁和', '德馨', '康乐']) as stem,
      unnest(range(40)) as s
  ), (
    select
      unnest(['里', '苑', '新村']) as suffix,
      unnest(range(3)) as x
  )
),
place as (
  select distinct
    community,
    subdistrict,
    com_in_sub
  from cell
),
ranked as (
  select
    *,
    subdistrict = 7 as slips,
    row_number() over (partition by subdistrict = 7 order by random_of(identity('community', community), 'practice')) as lot
  from place
)
select
  r.community,
  r.subdistrict,
  r.com_in_sub,
  n.name,
  r.slips,
  -- 24 communities take up 枫桥经验 in six waves of four
  case
    when not slips and lot <= 24 then
      date_trunc('month', m.first_day + ((0.24 + 0.09 * ((lot - 1) // 4)) * m.days)::integer)::date
  end as fengqiao_from,
  case
    when not slips and lot between 25 and 44 then m.standard_from
  end as standard_from,
  0.14 * normal_of(identity('subdistrict', r.subdistrict), 'pace') + 0.10 * normal_of(identity('community', r.community), 'pace') as pace,
  0.05 * normal_of(identity('subdistrict', r.subdistrict), 'mood') + 0.03 * normal_of(identity('community', r.community), 'mood') as mood,
  0.04 * normal_of(identity('subdistrict', r.subdistrict), 'local') + 0.04 * normal_of(identity('community', r.community), 'local') as local
from ranked r
join shuffled_name n using (community)
cross join moment m
order by r.community;

-- one row is: one cell of the map with its codes; a split cell has a second grid from split_on
create table place as
select
  c.cell,
  c.subdistrict,
  c.community,
  '990100' || lpad(c.subdistrict::varchar, 3, '0') as subdistrict_code,
  s.name as subdistrict_name,
  '990100' || lpad(c.subdistrict::varchar, 3, '0') || lpad(c.com_in_sub::varchar, 3, '0') as community_code,
  m.name as community_name,
  '990100' || lpad(c.subdistrict::varchar, 3, '0') || lpad(c.com_in_sub::varchar, 3, '0') || lpad(c.grid::varchar, 3, '0') as grid_code,
  m.name || '第' || numeral(c.grid) || '网格' as grid_name,
  case
    when c.split then '990100' || lpad(c.subdistrict::varchar, 3, '0') || lpad(c.com_in_sub::varchar, 3, '0') || lpad(c.new_grid::varchar, 3, '0')
  end as grid_code_2,
  case
    when c.split then m.name || '第' || numeral(c.new_grid) || '网格'
  end as grid_name_2,
  case
    when c.split and row_number() over (partition by c.split order by c.cell) % 2 = 1 then k.redraw_1
    when c.split then k.redraw_2
  end as split_on,
  c.split_share,
  c.area_km2,
  case
    when random_of(identity('cell', c.cell), 'kind') < 0.80 then '居住'
    when random_of(identity('cell', c.cell), 'kind') < 0.90 then '商务'
    when random_of(identity('cell', c.cell), 'kind') < 0.96 then '企业园区'
    else '专属'
  end as kind,
  (180 + 2600 * least(0.12, c.area_km2) + 140 * random_of(identity('cell', c.cell), 'households') + if(c.split, 160, 0))::integer as households,
  2.2 + 0.7 * random_of(identity('cell', c.cell), 'household size') as household_size,
  m.fengqiao_from,
  m.standard_from,
  m.slips,
  m.pace,
  m.local,
  m.mood,
  0.10 * normal_of(identity('cell', c.cell), 'pace') as cell_pace,
  -- the grid that games its survey is a busy one, so that enough people are asked for it to show
  exp(0.35 * normal_of(identity('cell', c.cell), 'weight')) * if(c.subdistrict = 3 and c.com_in_sub = 4 and c.grid = 2, 5, 1) as busy
from cell c
join subdistrict s using (subdistrict)
join community m using (community)
cross join moment k
order by c.cell;

-- the grid that games its survey
create table gaming as
select
  cell
from cell
where subdistrict = 3 and com_in_sub = 4 and grid = 2;

-- one row is: one of 16,384 lots, each of which stands for a cell; a busy cell has many
create table cell_lot as
with share as (
  select
    cell,
    sum(households * busy) over (order by cell) / sum(households * busy) over () as up_to
  from place
),
span as (
  select
    cell,
    coalesce(lag((16384 * up_to)::integer) over (order by cell), 0) as first_lot,
    (16384 * up_to)::integer as end_lot
  from share
)
select
  unnest(range(first_lot, end_lot)) as lot,
  cell
from span
order by lot;

set variable cell_lots = (select list(cell order by lot) from cell_lot);

-- the lots of the subdistricts that are flooded: 5, 6 and 11
set variable flood_lots = (select list(cell order by lot) from cell_lot join place using (cell) where subdistrict in (5, 6, 11));
