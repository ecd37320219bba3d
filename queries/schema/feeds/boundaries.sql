-- feed: boundaries
-- one row is: the polygon of one area, as a GeoJSON geometry
-- key: geo_level, geo_code
-- version: updated_at
-- required: geo_level, geo_code, geometry
-- zh: 边界
-- en: Boundaries
-- domain geo_level: district, subdistrict, community, grid
create table boundaries (
  geo_level varchar,
  geo_code varchar,
  geometry varchar,
  updated_at timestamp,
  load_id integer
);
comment on table boundaries is '区域边界（GeoJSON 几何） | Boundaries of areas';
comment on column boundaries.geo_level is '层级 | Geo level';
comment on column boundaries.geo_code is '区域编码 | Area';
comment on column boundaries.geometry is 'GeoJSON 几何对象 | GeoJSON geometry';
comment on column boundaries.updated_at is '最后更新时间 | Last change';
comment on column boundaries.load_id is '装载批次 | Load that brought the row';
