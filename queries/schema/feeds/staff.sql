-- feed: staff
-- one row is: one person serving one grid in one role over one period
-- key: staff_key, grid_code, role, valid_from
-- version: updated_at
-- required: staff_key, grid_code, role, valid_from
-- event: valid_from
-- personal: staff_key, birth_year, party_member
-- zh: 基层工作力量
-- en: Staff
-- domain role: grid_worker, mediator, social_worker, volunteer_leader, community_staff
-- domain employment: full_time, part_time, volunteer
create table staff (
  staff_key varchar,
  grid_code varchar,
  role varchar,
  employment varchar,
  organisation_kind varchar,
  birth_year integer,
  party_member boolean,
  certified boolean,
  valid_from date,
  valid_to date,
  updated_at timestamp,
  load_id integer
);
comment on table staff is '基层工作力量（网格员、属地贤人、社工、志愿骨干） | Grid workers, mediators, social workers, volunteer leaders';
comment on column staff.staff_key is '人员假名 | Pseudonym of the person';
comment on column staff.grid_code is '服务网格 | Grid served';
comment on column staff.role is '角色：grid_worker 网格员、mediator 属地贤人、social_worker 社工、volunteer_leader 志愿骨干、community_staff 社区工作者 | Role';
comment on column staff.employment is '用工：full_time 专职、part_time 兼职、volunteer 志愿 | Employment';
comment on column staff.organisation_kind is '所属单位性质 | Kind of employer: government, social_organisation, resident';
comment on column staff.birth_year is '出生年份 | Year of birth';
comment on column staff.party_member is '是否党员 | Party member';
comment on column staff.certified is '是否持证 | Holds a certificate';
comment on column staff.valid_from is '到岗日期（含） | First day in post';
comment on column staff.valid_to is '离岗日期（不含）；空为在岗 | First day no longer in post; missing: in post';
comment on column staff.updated_at is '最后更新时间 | Last change';
comment on column staff.load_id is '装载批次 | Load that brought the row';
