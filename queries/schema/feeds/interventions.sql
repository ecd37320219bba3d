-- feed: interventions
-- one row is: one governance practice (做法) introduced in one area
-- key: practice, geo_level, geo_code, started_on
-- version: updated_at
-- required: practice, geo_level, geo_code, started_on
-- event: started_on
-- zh: 做法
-- en: Practices
-- domain geo_level: district, subdistrict, community, grid
create table interventions (
  practice varchar,
  practice_name varchar,
  practice_name_en varchar,
  outcome varchar,
  geo_level varchar,
  geo_code varchar,
  started_on date,
  ended_on date,
  updated_at timestamp,
  load_id integer
);
comment on table interventions is '治理做法的引入 | Practices introduced';
comment on column interventions.practice is '做法代码：fengqiao 枫桥经验、local_mediators 属地贤人、social_work 社会工作、standardisation 标准化、embedding 嵌入式 | Practice';
comment on column interventions.practice_name is '做法名称 | Name in Chinese';
comment on column interventions.practice_name_en is '做法英文名 | Name in English';
comment on column interventions.outcome is '预期改善的指标代码 | Indicator it should move';
comment on column interventions.geo_level is '层级 | Geo level';
comment on column interventions.geo_code is '区域编码 | Area';
comment on column interventions.started_on is '开始日期 | Started on';
comment on column interventions.ended_on is '结束日期；空为持续 | Ended on; missing: goes on';
comment on column interventions.updated_at is '最后更新时间 | Last change';
comment on column interventions.load_id is '装载批次 | Load that brought the row';
