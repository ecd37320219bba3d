-- one row is: one node of an index's tree with every step's result for one area and period; the index first, then its dimensions and indicators
-- $1 index, $2 geo level, $3 code, $4 period
select
  n.node,
  coalesce(n.parent, ''),
  n.height,
  n.name_zh,
  n.name_en,
  coalesce(n.indicator, ''),
  coalesce(n.direction, ''),
  n.weight,
  n.weight_in_whole,
  s.raw,
  s.standard_error,
  s.imputed,
  s.treated,
  s.normalised,
  s.score,
  s.share,
  s.obstacle,
  s.moved_by_value,
  s.moved_by_weight
from index_node as n
left join index_step as s on s.index_code = n.index_code
  and s.node = n.node
  and s.geo_level = $2
  and s.geo_code = $3
  and s.period = $4
where n.index_code = $1
order by n.seq
