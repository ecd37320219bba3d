-- one row is: how much one choice matters for the ranks; $1 index, $2 geo level, $3 period
select
  factor,
  first_order,
  total_order
from index_sensitivity
where index_code = $1
  and geo_level = $2
  and period = $3
order by total_order desc nulls last, factor
