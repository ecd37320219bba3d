-- one row is: one line of the platform's export; those changed on the last day go to a file of their own
create or replace temp view line as
select *
from read_csv(getvariable('whole'), header = true, all_varchar = true, auto_detect = false, delim = ',', quote = '"',
  columns = {
    '案件编号': 'varchar', '案件性质': 'varchar', '上报时间': 'varchar', '上报渠道': 'varchar', '问题来源': 'varchar', '大类': 'varchar',
    '小类': 'varchar', '所属网格': 'varchar', '诉求人电话': 'varchar', '紧急程度': 'varchar', '首报层级': 'varchar', '办理主体': 'varchar',
    '办结层级': 'varchar', '主办部门': 'varchar', '参与部门数': 'varchar', '数据系统数': 'varchar', '立案时间': 'varchar', '派遣时间': 'varchar',
    '首次响应时间': 'varchar', '应办结时间': 'varchar', '办结时间': 'varchar', '案件状态': 'varchar', '办理结果': 'varchar', '流转次数': 'varchar',
    '退回次数': 'varchar', '退回原因': 'varchar', '重办次数': 'varchar', '群众跑动次数': 'varchar', '更新时间': 'varchar'
  });

copy (
  select *
  from line
  where "更新时间" >= getvariable('last_day')
) to (getvariable('day')) (format csv, header);

-- on the evening before, the day's older cases stood as they were first reported
copy (
  select *
  from line
  where not "更新时间" >= getvariable('last_day')
  union all
  select * replace (
    '处置中' as "案件状态",
    null as "办结时间",
    null as "办理结果",
    null as "办结层级",
    "上报时间" as "更新时间"
  )
  from line
  where "更新时间" >= getvariable('last_day')
    and "上报时间" < getvariable('last_day')
) to (getvariable('history')) (format csv, header);
