-- one row is: one check of the latest run that found rows, most first
select
  code,
  severity,
  feed,
  message_zh,
  message_en,
  rows_failed,
  coalesce(rows_checked, 0)
from check_result
where rows_failed > 0
  and run_id = (
    select arg_max(run_id, started_at)
    from run
  )
order by rows_failed desc, code
