-- one row is: one run of the nightly job that led to this snapshot or to one before it
create table run (
  run_id varchar,
  started_at timestamp,
  finished_at timestamp,
  mode varchar,
  outcome varchar,
  rows_read bigint,
  rows_loaded bigint,
  rows_superseded bigint,
  rows_duplicate bigint,
  rows_rejected bigint,
  rows_replaced bigint,
  version varchar
);
comment on table run is '运行记录（时间为 UTC） | Runs (times in UTC)';

-- one row is: one step of one run
create table run_step (
  run_id varchar,
  seq integer,
  step varchar,
  started_at timestamp,
  seconds double,
  rows bigint
);
comment on table run_step is '运行步骤与耗时 | Steps of a run and their time';

-- one row is: one file loaded in one run; rows_read = rows_loaded + rows_superseded + rows_duplicate + rows_rejected
create table load (
  load_id integer,
  run_id varchar,
  source varchar,
  feed varchar,
  department varchar,
  path varchar,
  content_hash varchar,
  format varchar,
  encoding varchar,
  bytes bigint,
  header_line integer,
  modified_at timestamp,
  loaded_at timestamp,
  rows_read bigint,
  rows_loaded bigint,
  rows_superseded bigint,
  rows_duplicate bigint,
  rows_rejected bigint,
  rows_replaced bigint
);
comment on table load is '文件装载记录 | Files loaded';

-- one row is: one input row that was refused, with the first reason; personal columns are masked in raw
create table reject (
  run_id varchar,
  load_id integer,
  source varchar,
  feed varchar,
  path varchar,
  line bigint,
  byte_position bigint,
  rule varchar,
  column_name varchar,
  value varchar,
  message_zh varchar,
  message_en varchar,
  raw varchar,
  header varchar
);
comment on table reject is '被拒收的行 | Rows refused';

-- one row is: the result of one check in one run
create table check_result (
  run_id varchar,
  code varchar,
  severity varchar,
  feed varchar,
  department varchar,
  rows_failed bigint,
  rows_checked bigint,
  threshold double,
  passed boolean,
  message_zh varchar,
  message_en varchar
);
comment on table check_result is '检查结果 | Results of checks';

-- one row is: one feed of the data contract, as it stands in this snapshot
create table feed_status (
  feed varchar,
  department varchar,
  rows bigint,
  first_event date,
  last_event date,
  last_loaded_at timestamp
);
comment on table feed_status is '各数据源现状 | State of each feed';
