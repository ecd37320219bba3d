-- one row is: one dimension's score of one area in one period
-- $1 index, $2 geo level, $3 period
select
  s.geo_code,
  s.node,
  s.score
from index_step as s
join index_node as n on n.index_code = s.index_code
  and n.node = s.node
where s.index_code = $1
  and s.geo_level = $2
  and s.period = $3
  and n.height > 0
  and n.parent is not null
order by s.geo_code, n.seq
