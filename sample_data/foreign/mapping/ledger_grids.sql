-- one row is: one grid number within one community, as they occur together in the ledger
select distinct
  "社区" || '/' || "网格号" as grid_code,
  "网格号" as grid_name,
  "社区" as community_code,
  "社区" as community_name,
  '990200001' as subdistrict_code,
  '某街道' as subdistrict_name,
  '990200' as district_code,
  '示例区' as district_name
from raw
