-- one row is: one line of the hotline's surveys, read with types; yes and no and the grade are words, so that they cost one comparison each
create or replace table satisfaction as
select
  "回访编号" as survey_id,
  "案件编号" as case_id,
  "网格编码" as grid_code,
  "回访时间" as surveyed_at,
  "回访方式" as method,
  "是否接通" = '是' as contacted_ok,
  "是否作答" = '是' as responded,
  "是否解决" = '是' as resolved,
  list_position(['很不满意', '不满意', '基本满意', '满意', '很满意'], "评价") as score,
  null::timestamp as updated_at,
  1 as load_id
from read_csv(getvariable('folder') || '/satisfaction_*.csv', header = true, auto_detect = false, delim = ',', quote = '"', ignore_errors = true,
  columns = {
    '回访编号': 'varchar', '案件编号': 'varchar', '网格编码': 'varchar', '回访时间': 'timestamp', '回访方式': 'varchar', '是否接通': 'varchar',
    '是否作答': 'varchar', '是否解决': 'varchar', '评价': 'varchar'
  });
