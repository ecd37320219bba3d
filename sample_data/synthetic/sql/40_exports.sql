-- what the departments' systems export, with their own headers and words
create view export_grids as
select
  grid_code as "网格编码",
  grid_name as "网格名称",
  community_code as "社区编码",
  community_name as "社区名称",
  subdistrict_code as "街道编码",
  subdistrict_name as "街道名称",
  '990100' as "区编码",
  '示例区' as "区名称",
  (households * share * household_size)::integer as "常住人口",
  (households * share)::integer as "户数",
  round(area_km2 * share, 4) as "面积(平方公里)",
  kind as "网格类型",
  starts_on as "生效日期",
  ends_on as "失效日期"
from (
  select *, 1.0 as share, null::date as starts_on, split_on as ends_on from place
  union all
  select *, split_share, split_on, null from place where split_on is not null
  union all
  select * replace (grid_code_2 as grid_code, grid_name_2 as grid_name), 1 - split_share, split_on, null from place where split_on is not null
)
order by "网格编码", "生效日期" nulls first;

create view export_staff as
select
  staff_key as "人员编号",
  grid_code as "服务网格",
  map {'grid_worker': '网格员', 'mediator': '属地贤人', 'social_worker': '社工', 'volunteer_leader': '志愿骨干', 'community_staff': '社区工作者'}[role] as "岗位",
  map {'full_time': '专职', 'part_time': '兼职', 'volunteer': '志愿'}[employment] as "用工形式",
  map {'government': '政府', 'social_organisation': '社会组织', 'resident': '居民'}[organisation] as "单位性质",
  birth_year as "出生年份",
  yes_no(party_member) as "是否党员",
  yes_no(certified) as "是否持证",
  strftime(valid_from, '%Y年%-m月%-d日') as "到岗日期",
  strftime(valid_to, '%Y年%-m月%-d日') as "离岗日期"
from staff
order by staff_key;

create view export_training as
select
  staff_key as "人员编号",
  strftime(held_on, '%Y/%-m/%-d') as "培训日期",
  course as "课程",
  hours as "学时",
  yes_no(passed) as "是否合格"
from training
order by staff_key, held_on, course;

create view export_activities as
select
  activity_id as "活动编号",
  map {'deliberation': '议事协商', 'visit': '入户走访', 'volunteer': '志愿服务', 'social_work': '社工项目', 'party': '党建', 'service': '便民服务'}[kind] as "活动类型",
  map {'community': '社区', 'resident': '居民', 'social_organisation': '社会组织', 'party': '党组织', 'enterprise': '企业'}[organiser] as "组织方",
  grid_code as "网格编码",
  strftime(held_on, '%Y%m%d') as "日期",
  participants as "参与人次",
  households_visited as "走访户次",
  hours as "服务时长",
  funding_yuan as "引入资金(元)"
from activity
order by activity_id;

create view export_interventions as
select distinct
  'fengqiao' as "做法代码", '枫桥经验（属地贤人调解）' as "做法名称", 'Fengqiao Experience (local mediators)' as "英文名", 'E31' as "预期指标",
  '社区' as "层级", community_code as "区域编码", fengqiao_from as "开始日期", null::date as "结束日期"
from place
where fengqiao_from is not null
union all
select distinct
  'standardisation', '标准化治理', 'Standard procedures', 'F13', '社区', community_code, standard_from, null
from place
where standard_from is not null
order by 1, 7, 6;

create view export_appraisals as
select
  from_org as "评分方",
  to_org as "被评方",
  direction as "方向",
  strftime(month, '%Y-%m-%d') as "考核月份",
  score as "得分"
from appraisal
order by month, direction, from_org, to_org;

create view export_calendar as
select
  date as "日期",
  yes_no(is_workday) as "是否工作日",
  name as "节假日"
from calendar
order by date;

create view export_targets as
select
  *
from (
  values
    ('F13', null, null, null, 0.90),
    ('F22', null, null, null, 0.95),
    ('F24', null, null, null, 0.05),
    ('F31', null, null, null, 0.40),
    ('F51', null, null, null, 0.85),
    ('F52', null, null, null, 0.65),
    ('E31', null, null, null, 0.70),
    ('E21', null, null, null, 0.95)
) as t ("指标", "层级", "区域编码", "时段", "目标值");
