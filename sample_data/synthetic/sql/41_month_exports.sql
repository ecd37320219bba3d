-- what the case platform exports for a month: each case in its latest state, and beside it the mess of real exports:
-- earlier states of some cases, rows exported twice, and rows with a mistake (under case numbers of their own)
create or replace temp table case_export as
with stamped as (
  select
    *,
    printed(reported_at) as reported_text,
    least(as_of, coalesce(closed_at, first_response_at, dispatched_at, accepted_at, reported_at) + to_minutes(1 + (600 * random_of(h, 'updated'))::integer)) as updated_at,
    random_of(h, 'mess') as mess,
    'clean' as row_kind
  from case_month
),
mistaken as (
  select
    * replace (
      case_id || 'E' as case_id,
      case when mess < 0.0004 then ['不详', '2025-13-45 25:61', '另行通知'][1 + floor(mess * 7500)::integer] else reported_text end as reported_text,
      if(mess between 0.0004 and 0.0007, '990999' || right(grid_code, 9), grid_code) as grid_code,
      if(mess >= 0.0007, reported_at - interval 3 day, closed_at) as closed_at,
      case when mess < 0.0004 then 'bad date' when mess < 0.0007 then 'unknown grid' else 'closed before reported' end as row_kind
    )
  from stamped
  where mess < 0.0007 or mess < 0.0010 and closed_at is not null
),
earlier as (
  select
    * replace (
      'earlier state' as row_kind, 'handling' as status, null as closed_at, null as outcome, null as handling_level, 0 as reopened, null as visits_needed,
      first_response_at as updated_at
    )
  from stamped
  where mess between 0.10 and 0.105 and closed_at > first_response_at + interval 1 hour
),
twice as (
  select * replace ('exact duplicate' as row_kind) from stamped where mess between 0.20 and 0.201
)
select * from stamped
union all
select * from mistaken
union all
select * from earlier
union all
select * from twice;

create or replace temp view export_cases as
select
  case_id as "案件编号",
  zh_case_kind(case_kind) as "案件性质",
  reported_text as "上报时间",
  zh_channel(channel) as "上报渠道",
  zh_source(source) as "问题来源",
  category_1 as "大类",
  category_2 as "小类",
  grid_code as "所属网格",
  phone as "诉求人电话",
  zh_priority(priority) as "紧急程度",
  zh_level(reported_level) as "首报层级",
  zh_handler(handler_kind) as "办理主体",
  zh_level(handling_level) as "办结层级",
  department as "主办部门",
  department_count as "参与部门数",
  system_count as "数据系统数",
  printed(accepted_at) as "立案时间",
  printed(dispatched_at) as "派遣时间",
  printed(first_response_at) as "首次响应时间",
  printed(due_at) as "应办结时间",
  printed(closed_at) as "办结时间",
  zh_status(status) as "案件状态",
  zh_outcome(outcome) as "办理结果",
  handoffs as "流转次数",
  returns as "退回次数",
  zh_reason(return_reason) as "退回原因",
  reopened as "重办次数",
  visits_needed as "群众跑动次数",
  printed(updated_at) as "更新时间"
from case_export
order by case_id, row_kind = 'clean', row_kind;

create or replace temp view export_events as
select
  case_id as "案件编号",
  seq as "步骤",
  zh_event(event) as "环节",
  printed(happened_at) as "时间",
  actor as "经办单位",
  zh_level(level) as "经办层级",
  zh_reason(reason) as "原因"
from event_month
order by case_id, seq;

create or replace temp view export_surveys as
select
  survey_id as "回访编号",
  case_id as "案件编号",
  grid_code as "网格编码",
  strftime(surveyed_at, '%Y/%-m/%-d %H:%M') as "回访时间",
  method as "回访方式",
  yes_no(contacted_ok) as "是否接通",
  yes_no(responded) as "是否作答",
  yes_no(resolved) as "是否解决",
  zh_grade(score) as "评价"
from survey_month
order by survey_id;
