-- one row is: one area of one geo level (the latest names and sizes it had)
create table area (
  geo_level varchar,
  geo_code varchar,
  name varchar,
  parent_level varchar,
  parent_code varchar,
  population bigint,
  households bigint,
  area_km2 double,
  grids integer,
  in_force boolean
);
comment on table area is '区域（区、街道、社区、网格） | Areas of the four geo levels';

-- one row is: one indicator for one area and one period
-- Of texts that repeat, packing by what repeats is asked for at once: DuckDB would try the other ways first.
create table indicator_value (
  indicator varchar using compression dictionary,
  geo_level varchar using compression dictionary,
  geo_code varchar using compression dictionary,
  period_kind varchar using compression dictionary,
  period varchar using compression dictionary,
  numerator double,
  denominator double,
  value double,
  n bigint,
  low double,
  high double,
  flag varchar using compression dictionary,
  smoothed double,
  geo_code_end varchar using compression dictionary
);
comment on table indicator_value is '指标值（长表） | Values of indicators';
comment on column indicator_value.indicator is '指标代码 | Code of the indicator';
comment on column indicator_value.geo_level is '层级：district、subdistrict、community、grid | Geo level';
comment on column indicator_value.geo_code is '区域编码 | Area';
comment on column indicator_value.period_kind is '时段类型：month、quarter、year | Kind of period';
comment on column indicator_value.period is '时段：2025-11、2025-Q4、2025 | Period';
comment on column indicator_value.numerator is '分子 | Numerator';
comment on column indicator_value.denominator is '分母 | Denominator';
comment on column indicator_value.value is '指标值（以目录所列单位） | Value in the unit the catalogue states';
comment on column indicator_value.n is '样本量（分母计数） | Cases or answers behind the value';
comment on column indicator_value.low is '95% 区间下限 | Lower end of the 95 % interval';
comment on column indicator_value.high is '95% 区间上限 | Upper end of the 95 % interval';
comment on column indicator_value.flag is '标记，逗号分隔：small_n 样本少、partial 时段未完、unsettled 仍会变动、incomplete 数据不全、not_reached 尚未过半办结 | Flags';
comment on column indicator_value.smoothed is '收缩估计（经验贝叶斯），用于小区域排名 | Empirical-Bayes estimate, for ranking small areas';
-- DuckDB knows the first eight characters of the least and the largest text of a block of rows. The codes of a district's
-- areas begin alike, so that these tell nothing; the last eight tell them apart, and most blocks are skipped by them.
comment on column indicator_value.geo_code_end is '区域编码末八位，供快速定位区域 | Last eight characters of geo_code, by which the rows of one area are found quickly';

-- one row is: the number of cases reported in one grid on one day, by main category
create table case_day (
  day date,
  grid_code varchar,
  category_1 varchar,
  reported bigint,
  closed bigint
);
comment on table case_day is '每日案件量 | Cases by day';

-- one row is: what happened to the cases of one grid in one month; a case belongs to the areas it had when it was reported
create table case_month (
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  reported bigint,
  closed bigint,
  superior bigint,
  entered bigint,
  limited bigint,
  ended bigint,
  overdue bigint,
  overdue_ended bigint
);
comment on table case_month is '每月案件进出 | Cases by month: what came, what left, what fell overdue';
comment on column case_month.reported is '上报的有效案件 | Valid cases reported';
comment on column case_month.closed is '办结的有效案件 | Valid cases closed';
comment on column case_month.superior is '上级交办的有效案件 | Valid cases that came from above';
comment on column case_month.entered is '上报（不含挂账）| Reported, without those on hold';
comment on column case_month.limited is '上报且有时限 | Reported with a time limit';
comment on column case_month.ended is '办结（不含挂账）| Closed, without those on hold';
comment on column case_month.overdue is '超期时仍未结 | Passed their due time while open';
comment on column case_month.overdue_ended is '超期后办结 | Closed after their due time';

-- What computing keeps from one run to the next stands in a schema of its own: beside the durations below, one table for
-- each pass over a fact (part.case_fact_by_closed_at, …), by grid and month, whose columns are made from the catalogue.
create schema part;

-- one row is: the cases of one month that left a clock at one duration, ended (办结) or still open at the end of the data: those of one
-- grid, in coarse steps (grid_id is filled), or those of one community, in fine ones; with the areas they were in, where they are known
create table part.duration (
  curve varchar,
  month date,
  grid_id integer,
  community_id integer,
  subdistrict_id integer,
  duration integer,
  ended bigint,
  cases bigint
);
comment on table part.duration is '时长分布（网格 × 月、社区 × 月）| Durations by grid and month, and by community and month';
comment on column part.duration.curve is '使用该时长的首个指标代码 | Code of the first indicator that reads this clock';
comment on column part.duration.grid_id is '区域按级别与代码排序的序号（社区、街道同）| Place of the area in the order of levels and codes (also of communities and subdistricts)';
comment on column part.duration.duration is '时长，按指标的单位分组 | Duration, in the unit of the indicator, binned';

-- one row is: one month of one area that the last run counted again, by the date that places a row in it; none where it counted everything
create table part.stale_cell (
  clock varchar,
  month date,
  area_code varchar
);
comment on table part.stale_cell is '上次运行重新统计的月份与区域 | Months and areas that the last run counted again';
comment on column part.stale_cell.clock is '归月所依据的时间 | The date that places a row in its month';
comment on column part.stale_cell.area_code is '社区（day 为网格），无社区的为空串 | The community (of day: the grid), empty for what is in none';

-- What the last run counted again, as statements ask it: everything, here; a run that counts less gives these macros another meaning
-- (queries/compute/sql/stale.sql). The first is of whole months, and only a help to read less.
create macro part.is_stale_month(name, happened) as happened is not null;
create macro part.is_stale(name, happened, area) as happened is not null;

-- one row is: the rows of one feed that one load brought and that are dated on one day
create table part.feed_day (
  feed varchar,
  load_id integer,
  day date,
  rows bigint
);
comment on table part.feed_day is '各数据源每日行数 | Rows of each feed by the day that dates them';

-- one row is: one case that a night may need long after its report, with the columns of cases: something about it came more than 60
-- days after the report, or has not come
create table part.lasting_case as
from cases
limit 0;
comment on table part.lasting_case is '上报很久之后仍需读取的案件 | Cases that are needed long after their report';

-- one row is: what the last run counted up to, and by which definitions
create table part.computed (
  edition varchar,
  map varchar,
  as_of timestamp,
  load_id bigint,
  first_day date,
  last_day date
);
comment on table part.computed is '上次统计的口径与截止点 | The definitions and the end of what was counted last';
comment on column part.computed.edition is '口径、设置与区划的指纹 | Fingerprint of definitions, settings and areas';
comment on column part.computed.map is '边界的指纹 | Fingerprint of the boundaries';
comment on column part.computed.first_day is '案件各环节涉及的最早日期 | First day of any step of a case';
comment on column part.computed.last_day is '案件各环节涉及的最晚日期 | Last day of any step of a case';

-- one row is: what a period's values of one indicator were flagged with
create table part.period_flag (
  indicator varchar,
  period_kind varchar,
  period varchar,
  is_partial boolean,
  is_unsettled boolean,
  is_incomplete boolean
);
comment on table part.period_flag is '各周期的标记 | Flags of periods';

-- one row is: one month in which a feed that the indicator counts brought nothing
create table part.uncovered (
  indicator varchar,
  month date
);
comment on table part.uncovered is '缺少数据的月份 | Months without a feed';

-- one row is: one area with a boundary: its size, and how much of it lies in no grid or in more than one
create table boundary_area (
  geo_level varchar,
  geo_code varchar,
  area_km2 double,
  gap_km2 double,
  overlap_km2 double
);
comment on table boundary_area is '边界面积、缝隙与重叠 | Areas of boundaries, gaps and overlaps';

-- one row is: the rows of one feed of one department that are dated in one month, against what is usual there
create table feed_month (
  feed varchar,
  department varchar,
  month date,
  rows bigint,
  usual double,
  is_short boolean
);
comment on table feed_month is '各数据源每月行数 | Rows of each feed by month';
comment on column feed_month.usual is '通常行数：其他月份的中位数，当月按已过天数折算 | Usual rows: median of the other months, for the running month by the days passed';
comment on column feed_month.is_short is '是否不足通常的一半 | Whether it has less than half of the usual rows';
