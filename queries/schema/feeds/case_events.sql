-- feed: case_events
-- one row is: one step in the log of one case
-- key: case_id, seq
-- version: updated_at
-- required: case_id, seq, event, happened_at
-- event: happened_at
-- zh: 案件流转日志
-- en: Case log
-- domain event: reported, accepted, dispatched, returned, transferred, responded, paused, resumed, handled, checked, closed, reopened
-- domain level: grid, community, subdistrict, district, city
-- domain reason: no_authority, wrong_dispatch, insufficient_information, failed_check, other
create table case_events (
  case_id varchar,
  seq integer,
  event varchar,
  happened_at timestamp,
  actor varchar,
  level varchar,
  reason varchar,
  updated_at timestamp,
  load_id integer
);
comment on table case_events is '案件流转日志 | Log of each case';
comment on column case_events.case_id is '案件编号 | Case number';
comment on column case_events.seq is '步骤序号 | Number of the step';
comment on column case_events.event is '步骤 | Step';
comment on column case_events.happened_at is '发生时间 | Happened at';
comment on column case_events.actor is '经办单位 | Unit that acted';
comment on column case_events.level is '经办层级 | Level that acted';
comment on column case_events.reason is '退回原因 | Reason, for a return';
comment on column case_events.updated_at is '最后更新时间 | Last change';
comment on column case_events.load_id is '装载批次 | Load that brought the row';
