-- feed: satisfaction
-- one row is: one attempt to ask a resident about a case or a grid (回访)
-- key: survey_id
-- version: updated_at
-- required: survey_id, surveyed_at
-- event: surveyed_at
-- zh: 满意度回访
-- en: Satisfaction surveys
-- domain method: phone, sms, app, visit, web, other
create table satisfaction (
  survey_id varchar,
  case_id varchar,
  grid_code varchar,
  surveyed_at timestamp,
  method varchar,
  contacted_ok boolean,
  responded boolean,
  resolved boolean,
  score integer,
  updated_at timestamp,
  load_id integer
);
comment on table satisfaction is '满意度回访 | Satisfaction surveys';
comment on column satisfaction.survey_id is '回访编号 | Survey number';
comment on column satisfaction.case_id is '案件编号；空为网格普查 | Case asked about; missing: a survey of the grid';
comment on column satisfaction.grid_code is '网格编码；空时取案件所在网格 | Grid; missing: that of the case';
comment on column satisfaction.surveyed_at is '回访时间 | Asked at';
comment on column satisfaction.method is '回访方式 | Method';
comment on column satisfaction.contacted_ok is '是否联系上 | Was the person reached';
comment on column satisfaction.responded is '是否作答 | Did the person answer';
comment on column satisfaction.resolved is '群众认为是否解决 | Resolved, as the resident says';
comment on column satisfaction.score is '评分 1–5（5 很满意、4 满意、3 基本满意、2 不满意、1 很不满意） | Score 1 to 5';
comment on column satisfaction.updated_at is '最后更新时间 | Last change';
comment on column satisfaction.load_id is '装载批次 | Load that brought the row';
