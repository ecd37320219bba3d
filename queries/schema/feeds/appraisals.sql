-- feed: appraisals
-- one row is: one score that one organisation gave another for one month
-- key: from_org, to_org, period
-- version: updated_at
-- required: from_org, to_org, direction, period
-- event: period
-- zh: 双向考核
-- en: Two-way appraisals
-- domain direction: department_on_subdistrict, subdistrict_on_department
create table appraisals (
  from_org varchar,
  to_org varchar,
  direction varchar,
  period date,
  score double,
  updated_at timestamp,
  load_id integer
);
comment on table appraisals is '双向考核评分 | Two-way appraisals';
comment on column appraisals.from_org is '评分方（街道用街道编码） | Who scores (a subdistrict by its code)';
comment on column appraisals.to_org is '被评方（街道用街道编码） | Who is scored (a subdistrict by its code)';
comment on column appraisals.direction is '方向 | Direction';
comment on column appraisals.period is '考核月份（当月首日） | Month, as its first day';
comment on column appraisals.score is '得分 0–100；空为应评未评 | Score 0 to 100; missing: due but not given';
comment on column appraisals.updated_at is '最后更新时间 | Last change';
comment on column appraisals.load_id is '装载批次 | Load that brought the row';
