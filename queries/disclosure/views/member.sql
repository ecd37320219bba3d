-- one row is: one cell of indicator_value as a part or as the total of one sum that a reader could work out
-- A district, subdistrict or community is the sum of the areas below it; a quarter of its months, a year of its quarters.
create table member as
with cell as (
  select
    v.rowid as cell,
    hash(v.indicator, v.geo_level, v.geo_code, v.period) as key,
    v.indicator,
    v.geo_level,
    v.geo_code,
    v.period_kind,
    v.period,
    if(v.indicator in ({{exposures}}), ceil(v.numerator), v.n)::bigint as n,
    a.parent_level,
    a.parent_code
  from snap.main.indicator_value as v
  left join snap.main.area as a on a.geo_level = v.geo_level
    and a.geo_code = v.geo_code
  where if(v.indicator in ({{exposures}}), ceil(v.numerator), v.n) > 0
)
select
  hash('area', indicator, period, geo_level, geo_code) as sum_of,
  cell,
  key,
  n,
  true as is_total
from cell
where geo_level <> 'grid'
union all
select
  hash('area', indicator, period, parent_level, parent_code),
  cell,
  key,
  n,
  false
from cell
where parent_code is not null
union all
select
  hash('time', indicator, geo_level, geo_code, period),
  cell,
  key,
  n,
  true
from cell
where period_kind <> 'month'
union all
select
  hash('time', indicator, geo_level, geo_code, substr(period, 1, 4) || '-Q' || ((substr(period, 6, 2)::integer + 2) // 3)),
  cell,
  key,
  n,
  false
from cell
where period_kind = 'month'
union all
select
  hash('time', indicator, geo_level, geo_code, substr(period, 1, 4)),
  cell,
  key,
  n,
  false
from cell
where period_kind = 'quarter'
