-- one row is: one run, newest first
select
  run_id,
  started_at,
  mode,
  outcome,
  rows_read,
  rows_loaded,
  rows_superseded,
  rows_duplicate,
  rows_rejected,
  date_diff('millisecond', started_at, finished_at) / 1000.0 as seconds
from run
order by started_at desc
limit 60
