-- one row is: one rule of one feed with the rows it refused and one of them as a sample, most first; raw text is not shown
select
  feed,
  rule,
  any_value(message_zh),
  any_value(message_en),
  count(*) as rows,
  min(path) as path,
  arg_min(line, path) as line,
  arg_min(coalesce(column_name, ''), path) as column_name
from reject
group by feed, rule
order by rows desc, feed, rule
