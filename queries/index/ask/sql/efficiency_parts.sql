-- one row is: one input or output of one area in one period with what the frontier would ask of it; $1 geo level, $2 period
select
  p.geo_code,
  coalesce(a.name, p.geo_code),
  p.part,
  p.is_input,
  p.amount,
  p.slack,
  p.target
from dea_part as p
left join area as a on a.geo_level = p.geo_level
  and a.geo_code = p.geo_code
where p.geo_level = $1
  and p.period = $2
order by p.geo_code, list_position(['workers', 'training_hours', 'on_time_closures', 'satisfied_answers'], p.part)
