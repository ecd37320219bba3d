-- feed: targets
-- one row is: the target of one indicator for one area (or all areas of a level) and one period (or all)
-- key: indicator, geo_level, geo_code, period
-- version: updated_at
-- required: indicator, target
-- zh: 目标值
-- en: Targets
create table targets (
  indicator varchar,
  geo_level varchar,
  geo_code varchar,
  period varchar,
  target double,
  updated_at timestamp,
  load_id integer
);
comment on table targets is '指标目标值 | Targets of indicators';
comment on column targets.indicator is '指标代码 | Indicator';
comment on column targets.geo_level is '层级；空为各级 | Geo level; missing: all';
comment on column targets.geo_code is '区域编码；空为该级全部 | Area; missing: all of the level';
comment on column targets.period is '时段（2025、2025-Q4、2025-11）；空为各期 | Period; missing: all';
comment on column targets.target is '目标值（与指标同单位） | Target, in the indicator''s unit';
comment on column targets.updated_at is '最后更新时间 | Last change';
comment on column targets.load_id is '装载批次 | Load that brought the row';
