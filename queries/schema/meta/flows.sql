-- The small tables behind the efficiency page: valid cases counted by month, so that no page reads the cases themselves.
-- cut says by what else a row is split: all (by nothing, down to the grid), category, channel or handler (down to the
-- community; case_hour_month: to the subdistrict). Rows of different cuts count the same cases again: never add them up.
-- handler: the lead department, or kind:<handler_kind> where a case was handled without one.

-- one row is: the cases reported in one month in one area that left (were closed, or were last seen open) after so many days
-- days: for closed cases the whole days within which they were closed, for open ones those they are known to have been open;
-- by day up to 60, by week up to 182, by 30 days above.
create table case_speed_month (
  cut varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  grid_code varchar,
  cut_value varchar,
  days integer,
  closed bigint,
  open bigint
);
comment on table case_speed_month is '办结用时分布（按上报月） | Cases by time to close, by month of report';
comment on column case_speed_month.cut is '拆分方式：all、category、channel、handler | What the row is split by';
comment on column case_speed_month.days is '办结所用（未结：已等待）的天数 | Days to close, or known to be open';

-- one row is: the cases open at the end of one month (or at as_of) in one area, by age and by how they stand against their time limit
-- age_from: lower end of the age band in days: 0, 3, 7, 14, 30, 60, 90, 180
-- state: overdue, not_due, no_limit, on_hold (挂账)
create table case_backlog_month (
  cut varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  grid_code varchar,
  cut_value varchar,
  reported_level varchar,
  priority varchar,
  age_from integer,
  state varchar,
  open bigint
);
comment on table case_backlog_month is '月末存量案件的年龄与期限 | Cases open at the end of a month, by age';

-- one row is: the cases closed in one month in one area that took one way
-- part: start (who raised it → category), finish (category → handler → level it was closed at); the columns of the other part are null
create table case_way_month (
  part varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  source varchar,
  category_1 varchar,
  handler varchar,
  handling_level varchar,
  closed bigint
);
comment on table case_way_month is '办结案件的流向 | Ways of closed cases';

-- one row is: the cases closed in one month in one area, by the level they were first reported at and the level they were closed at
create table case_rise_month (
  cut varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  grid_code varchar,
  cut_value varchar,
  reported_level varchar,
  handling_level varchar,
  closed bigint
);
comment on table case_rise_month is '上报层级与办结层级 | Level first reported at and level closed at';

-- one row is: the cases reported in one month in one area on one weekday (1 Monday – 7 Sunday) in one hour of the day
-- hour is null where the source keeps no time of day (00:00:00 sharp)
create table case_hour_month (
  cut varchar,
  month date,
  subdistrict_code varchar,
  community_code varchar,
  cut_value varchar,
  weekday integer,
  hour integer,
  reported bigint
);
comment on table case_hour_month is '上报的星期与时刻 | Reports by weekday and hour';
