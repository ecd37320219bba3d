-- one row is: one area that the efficiency analysis of one period leaves out, and why
create table dea_left_out (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  reason varchar
);
comment on table dea_left_out is '未参与 DEA 的区域及原因 | Areas that the efficiency analysis leaves out';
comment on column dea_left_out.reason is 'no_workers 时段内无在岗网格员；no_workers_at_end 时段末无在岗网格员；no_training 培训数据不足 12 个月 | Why: no grid worker in post in the period, none at its end, or less than 12 months of training data';
