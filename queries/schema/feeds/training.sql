-- feed: training
-- one row is: one course attended by one person
-- key: staff_key, held_on, course
-- version: updated_at
-- required: staff_key, held_on, hours
-- event: held_on
-- personal: staff_key
-- zh: 培训
-- en: Training
create table training (
  staff_key varchar,
  held_on date,
  course varchar,
  hours double,
  passed boolean,
  updated_at timestamp,
  load_id integer
);
comment on table training is '培训记录 | Training';
comment on column training.staff_key is '人员假名 | Pseudonym of the person';
comment on column training.held_on is '培训日期 | Held on';
comment on column training.course is '课程 | Course';
comment on column training.hours is '学时 | Hours';
comment on column training.passed is '是否合格 | Passed';
comment on column training.updated_at is '最后更新时间 | Last change';
comment on column training.load_id is '装载批次 | Load that brought the row';
