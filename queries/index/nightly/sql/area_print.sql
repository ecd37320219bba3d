-- one row is: a print of all areas of one geo level and of what lies above them; $1 geo level
select
  coalesce(bit_xor(hash(geo_code, parent_code))::varchar, '') as print
from area
where geo_level = $1
