-- one row is: the valid cases of one grid that one kind of handler closed at one level in one month; a case belongs to the areas it had when it was reported
create table closing_month (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  handler_kind varchar,
  handling_level varchar,
  closed bigint,
  disputes bigint,
  mediated bigint,
  agreed bigint,
  confirmed bigint
);
comment on table closing_month is '办结案件（网格 × 月 × 办理主体 × 办结层级） | Cases closed, by handler and level';
comment on column closing_month.month is '办结月份（当月首日） | Month of closing, as its first day';
comment on column closing_month.closed is '办结的有效案件 | Valid cases closed';
comment on column closing_month.disputes is '其中矛盾纠纷 | Disputes among them';
comment on column closing_month.mediated is '经调解（成或不成）的矛盾纠纷 | Disputes that were mediated, with or without success';
comment on column closing_month.agreed is '达成协议（含司法确认） | Disputes that ended in an agreement, confirmed by a court or not';
comment on column closing_month.confirmed is '经司法确认 | Agreements that a court confirmed';

-- one row is: the mediated disputes of one grid and one kind of handler that took a number of days and were closed in one month
create table mediation_time (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  handler_kind varchar,
  half_days integer,
  disputes bigint
);
comment on table mediation_time is '调解用时分布 | How long mediated disputes took';
comment on column mediation_time.half_days is '上报至办结，以半天计 | From report to closing, in whole half-days';

-- one row is: the answered surveys about cases of one grid and one kind of handler in one month
create table answer_month (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  handler_kind varchar,
  answered bigint,
  satisfied bigint
);
comment on table answer_month is '回访满意情况（按办理主体） | Answered surveys by handler';
comment on column answer_month.answered is '作答且给出评分 | Answered with a score';
comment on column answer_month.satisfied is '满意或很满意（4、5 分） | Satisfied or very satisfied';

-- one row is: the valid cases of one grid that went to one department, by month of dispatch, and how many came back
create table dispatch_month (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  department varchar,
  dispatched bigint,
  returned bigint,
  bounced bigint,
  wrong_dispatch bigint,
  no_authority bigint,
  insufficient_information bigint,
  failed_check bigint,
  other bigint
);
comment on table dispatch_month is '派遣与退回（按主办部门） | Dispatches and returns by department';
comment on column dispatch_month.returned is '至少退回一次 | Sent back at least once';
comment on column dispatch_month.bounced is '退回两次及以上 | Sent back twice or more';
comment on column dispatch_month.wrong_dispatch is '最近一次退回因派遣有误 | Last sent back for a wrong dispatch';
comment on column dispatch_month.no_authority is '最近一次退回因无权办理 | Last sent back for lack of authority';

-- one row is: the activities of one kind and organiser in one grid and month
create table activity_month (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  kind varchar,
  organiser_kind varchar,
  activities bigint,
  participants bigint,
  hours double,
  households_visited bigint,
  funding_yuan double
);
comment on table activity_month is '活动（网格 × 月 × 类型 × 组织方） | Activities by kind and organiser';
