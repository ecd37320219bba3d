-- one row is: one feed of one department: rows, the days it covers and when it was last loaded
select
  feed,
  coalesce(department, ''),
  rows,
  first_event,
  last_event,
  last_loaded_at
from feed_status
where rows > 0
order by feed, department
