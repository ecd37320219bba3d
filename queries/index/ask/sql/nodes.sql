-- one row is: one node of an index's tree; $1 index
select
  node,
  coalesce(parent, ''),
  height,
  name_zh,
  name_en,
  coalesce(indicator, ''),
  weight,
  weight_in_whole
from index_node
where index_code = $1
order by seq
