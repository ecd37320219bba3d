-- one row is: one area right below another; $1 geo level, $2 code of the area above
select
  geo_level,
  geo_code,
  name
from area
where parent_level = $1
  and parent_code = $2
order by geo_code
