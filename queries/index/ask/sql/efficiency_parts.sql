-- one row is: one input or output of one area in one period with what the frontier would ask of it; $1 geo level, $2 code, $3 period
select
  part,
  is_input,
  amount,
  slack,
  target
from dea_part
where geo_level = $1
  and geo_code = $2
  and period = $3
order by is_input desc, part
