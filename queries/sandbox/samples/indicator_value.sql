-- zh: 一个指标在各街道的走势
-- en: One indicator by subdistrict and month
select
  v.period,
  a.name,
  v.value,
  v.low,
  v.high,
  v.n
from indicator_value as v
join area as a on a.geo_level = v.geo_level
  and a.geo_code = v.geo_code
where v.indicator = 'F13'
  and v.geo_level = 'subdistrict'
  and v.period_kind = 'month'
order by
  v.period,
  a.name
