-- feed: grids
-- one row is: one grid (网格) as it stood during one period of time; a redrawn grid has one row for each shape it had
-- key: grid_code, valid_from
-- version: updated_at
-- required: grid_code, community_code, subdistrict_code, district_code
-- event: valid_from
-- zh: 网格
-- en: Grids
-- domain kind: residential, commercial, rural, enterprise, special
create table grids (
  grid_code varchar,
  grid_name varchar,
  community_code varchar,
  community_name varchar,
  subdistrict_code varchar,
  subdistrict_name varchar,
  district_code varchar,
  district_name varchar,
  population integer,
  households integer,
  area_km2 double,
  kind varchar,
  valid_from date,
  valid_to date,
  updated_at timestamp,
  load_id integer
);
comment on table grids is '网格（在某一时段内有效） | Grids in force for a period';
comment on column grids.grid_code is '网格编码 | Grid code';
comment on column grids.grid_name is '网格名称 | Grid name';
comment on column grids.community_code is '社区（村）编码 | Community code';
comment on column grids.community_name is '社区（村）名称 | Community name';
comment on column grids.subdistrict_code is '街道（镇）编码 | Subdistrict code';
comment on column grids.subdistrict_name is '街道（镇）名称 | Subdistrict name';
comment on column grids.district_code is '区（县）编码 | District code';
comment on column grids.district_name is '区（县）名称 | District name';
comment on column grids.population is '常住人口（人） | Residents';
comment on column grids.households is '户数 | Households';
comment on column grids.area_km2 is '面积（平方公里） | Area in square kilometres';
comment on column grids.kind is '网格类型：residential 居住、commercial 商务、rural 农村、enterprise 企业园区、special 专属 | Kind of grid';
comment on column grids.valid_from is '生效日期（含）；空为自始有效 | First day in force; missing: since ever';
comment on column grids.valid_to is '失效日期（不含）；空为至今有效 | First day no longer in force; missing: still in force';
comment on column grids.updated_at is '最后更新时间 | Last change';
comment on column grids.load_id is '装载批次 | Load that brought the row';
