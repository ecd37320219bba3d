-- one row is: one fact about the snapshot as a whole
-- keys: snapshot (name), district_code, district_name, district_name_en, synthetic (true/false), time_zone,
--       as_of (timestamp: the data is known up to here), built_at (UTC), version (of jiceng),
--       level_district_zh, level_district_en, level_subdistrict_zh, ... (what the four geo levels are called here),
--       work_hours (e.g. 09:00-12:00,13:30-17:30), accept_limit_hours, dispatch_limit_hours, response_limit_hours (working hours),
--       three_rate_weights (of F11, F23 and F51 in F64, e.g. 0.2,0.4,0.4)
create table snapshot_info (
  key varchar primary key,
  value varchar
);
comment on table snapshot_info is '快照信息 | Facts about the snapshot';
