-- feed: cases
-- one row is: one case (案件: an event 事件, a request 诉求 or a dispute 矛盾纠纷) in its latest state
-- key: case_id
-- version: updated_at
-- required: case_id, reported_at
-- event: reported_at
-- personal: reporter_key
-- zh: 案件
-- en: Cases
-- domain case_kind: event, request, dispute
-- domain channel: hotline, patrol, app, mini_program, web, visit, phone, sensor, superior, media, other
-- domain source: resident, patrol, department, superior, sensor, media, other
-- domain priority: urgent, normal, low
-- domain reported_level: grid, community, subdistrict, district, city
-- domain handler_kind: grid_worker, community, mediator, social_organisation, department, joint
-- domain handling_level: grid, community, subdistrict, district, city
-- domain status: reported, accepted, dispatched, handling, on_hold, closed, rejected, withdrawn, duplicate, out_of_scope
-- domain outcome: resolved, agreement, judicially_confirmed, mediation_failed, explained, referred, unresolved
-- domain return_reason: no_authority, wrong_dispatch, insufficient_information, failed_check, other
create table cases (
  case_id varchar,
  case_kind varchar,
  reported_at timestamp,
  channel varchar,
  source varchar,
  category_1 varchar,
  category_2 varchar,
  grid_code varchar,
  priority varchar,
  reported_level varchar,
  handler_kind varchar,
  handling_level varchar,
  department varchar,
  department_count integer,
  system_count integer,
  accepted_at timestamp,
  dispatched_at timestamp,
  first_response_at timestamp,
  due_at timestamp,
  closed_at timestamp,
  status varchar,
  outcome varchar,
  handoffs integer,
  returns integer,
  return_reason varchar,
  reopened integer,
  visits_needed integer,
  reporter_key varchar,
  updated_at timestamp,
  load_id integer
);
comment on table cases is '案件（事件、诉求、矛盾纠纷） | Cases: events, requests, disputes';
comment on column cases.case_id is '案件编号 | Case number';
comment on column cases.case_kind is '案件性质：event 事件、request 诉求、dispute 矛盾纠纷 | Kind of case';
comment on column cases.reported_at is '上报时间 | Reported at';
comment on column cases.channel is '上报渠道 | Channel it came by';
comment on column cases.source is '来源：resident 群众、patrol 网格巡查、department 部门、superior 上级交办、sensor 感知设备、media 媒体 | Who raised it';
comment on column cases.category_1 is '大类 | Main category';
comment on column cases.category_2 is '小类 | Sub-category';
comment on column cases.grid_code is '所在网格；空为未定位 | Grid; missing: not located';
comment on column cases.priority is '紧急程度 | Priority';
comment on column cases.reported_level is '首次上报到的层级 | Level at which it was first reported';
comment on column cases.handler_kind is '办理主体：grid_worker 网格员、community 社区、mediator 属地贤人、social_organisation 社会组织、department 部门、joint 联合 | Kind of handler';
comment on column cases.handling_level is '办结层级 | Level at which it was (last) handled';
comment on column cases.department is '主办部门 | Lead department';
comment on column cases.department_count is '参与部门数 | Departments taking part';
comment on column cases.system_count is '汇聚数据的业务系统数 | Systems that hold data about the case';
comment on column cases.accepted_at is '立案时间 | Registered at';
comment on column cases.dispatched_at is '派遣时间 | Dispatched at';
comment on column cases.first_response_at is '首次响应时间 | First response at';
comment on column cases.due_at is '应办结时间 | Due at';
comment on column cases.closed_at is '办结时间；空为未结 | Closed at; missing: open';
comment on column cases.status is '状态 | Status';
comment on column cases.outcome is '办理结果：resolved 已解决、agreement 达成协议、judicially_confirmed 司法确认、mediation_failed 调解未成、explained 解释说明、referred 转出、unresolved 未解决 | Outcome';
comment on column cases.handoffs is '流转次数 | Hand-offs';
comment on column cases.returns is '退回次数 | Times sent back';
comment on column cases.return_reason is '退回原因 | Reason it was sent back';
comment on column cases.reopened is '重办次数 | Times re-opened';
comment on column cases.visits_needed is '群众跑动次数 | Visits the resident had to make';
comment on column cases.reporter_key is '诉求人假名（加密不可逆） | Pseudonym of the reporter';
comment on column cases.updated_at is '最后更新时间 | Last change';
comment on column cases.load_id is '装载批次 | Load that brought the row';
