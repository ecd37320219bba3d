-- feed: activities
-- one row is: one meeting, round of visits, volunteer action or social-work project day
-- key: activity_id
-- version: updated_at
-- required: activity_id, kind, held_on
-- event: held_on
-- zh: 活动
-- en: Activities
-- domain kind: deliberation, visit, volunteer, social_work, party, training, service, other
-- domain organiser_kind: community, resident, social_organisation, party, department, enterprise
create table activities (
  activity_id varchar,
  kind varchar,
  organiser_kind varchar,
  grid_code varchar,
  held_on date,
  participants integer,
  households_visited integer,
  hours double,
  funding_yuan double,
  updated_at timestamp,
  load_id integer
);
comment on table activities is '活动（议事、走访、志愿、社工项目） | Activities';
comment on column activities.activity_id is '活动编号 | Activity number';
comment on column activities.kind is '类型：deliberation 议事协商、visit 入户走访、volunteer 志愿服务、social_work 社工项目、party 党建、service 便民 | Kind';
comment on column activities.organiser_kind is '组织方性质 | Kind of organiser';
comment on column activities.grid_code is '网格编码 | Grid';
comment on column activities.held_on is '日期 | Held on';
comment on column activities.participants is '参与人次 | Participants';
comment on column activities.households_visited is '走访户次 | Households visited';
comment on column activities.hours is '服务时长（小时） | Hours of work';
comment on column activities.funding_yuan is '引入资金（元） | Outside money brought in, yuan';
comment on column activities.updated_at is '最后更新时间 | Last change';
comment on column activities.load_id is '装载批次 | Load that brought the row';
