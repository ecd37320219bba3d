-- 基层工作力量花名册 → staff
select
  "人员编号" as staff_key,
  "服务网格" as grid_code,
  "岗位" as role,
  "用工形式" as employment,
  case "单位性质"
    when '政府' then 'government'
    when '社会组织' then 'social_organisation'
    when '居民' then 'resident'
  end as organisation_kind,
  "出生年份" as birth_year,
  "是否党员" as party_member,
  "是否持证" as certified,
  "到岗日期" as valid_from,
  "离岗日期" as valid_to
from raw
