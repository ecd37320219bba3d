-- one row is: one line of the grid register, read with types
insert into snapshot_info values ('as_of', getvariable('as_of')), ('district_code', '990100');

create or replace table grids as
select
  "网格编码" as grid_code,
  "网格名称" as grid_name,
  "社区编码" as community_code,
  "社区名称" as community_name,
  "街道编码" as subdistrict_code,
  "街道名称" as subdistrict_name,
  "区编码" as district_code,
  "区名称" as district_name,
  "常住人口" as population,
  "户数" as households,
  "面积(平方公里)" as area_km2,
  "网格类型" as kind,
  "生效日期" as valid_from,
  "失效日期" as valid_to,
  null::timestamp as updated_at,
  1 as load_id
from read_csv(getvariable('folder') || '/grids.csv', header = true, auto_detect = false, delim = ',', quote = '"', ignore_errors = true,
  columns = {
    '网格编码': 'varchar', '网格名称': 'varchar', '社区编码': 'varchar', '社区名称': 'varchar', '街道编码': 'varchar', '街道名称': 'varchar',
    '区编码': 'varchar', '区名称': 'varchar', '常住人口': 'integer', '户数': 'integer', '面积(平方公里)': 'double', '网格类型': 'varchar',
    '生效日期': 'date', '失效日期': 'date'
  });
