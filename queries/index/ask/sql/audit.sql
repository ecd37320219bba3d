-- one row is: one number about an index's structure; $1 index, $2 geo level, $3 period
select
  measure,
  node,
  coalesce(other, ''),
  seq,
  value
from index_audit
where index_code = $1
  and geo_level = $2
  and period = $3
order by measure, node, other, seq
