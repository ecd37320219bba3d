-- one row is: one index or score, in the order in which they are shown
select
  index_code,
  kind,
  name_zh,
  name_en,
  about_zh,
  about_en,
  configuration
from index_meta
order by seq
