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
create table indicator_value (
  indicator varchar,
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  numerator double,
  denominator double,
  value double,
  n bigint,
  low double,
  high double,
  flag varchar,
  smoothed double
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
comment on column indicator_value.flag is '标记，逗号分隔：small_n 样本少、partial 时段未完、incomplete 数据不全 | Flags';
comment on column indicator_value.smoothed is '收缩估计（经验贝叶斯），用于小区域排名 | Empirical-Bayes estimate, for ranking small areas';

-- one row is: the number of cases reported in one grid on one day, by main category
create table case_day (
  day date,
  grid_code varchar,
  category_1 varchar,
  reported bigint,
  closed bigint
);
comment on table case_day is '每日案件量 | Cases by day';
