-- one row is: one feed of one department in a span: the rows that came, those that usually come, and how many months were short; $1 first month, $2 day after the last
select
  feed,
  coalesce(department, ''),
  sum(rows)::bigint,
  sum(usual),
  count(*) filter (is_short)::bigint,
  count(*)::bigint
from feed_month
where month >= $1
  and month < $2
  and usual > 0
group by all
order by sum(rows) / sum(usual), feed, 2
