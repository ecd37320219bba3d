-- code: E22
-- name zh: 网格缝隙
-- name en: Gaps and overlaps between grids
-- family: E
-- dimension: E2
-- direction: down
-- kind: area
-- unit: percent
-- time: month
-- interval: none
-- feeds: boundaries, grids
-- target: 0.01
-- rows: seamless_coverage
-- source zh: 赋能治理文献：全覆盖、无缝隙
-- source en: literature on empowering governance: full coverage without a gap
-- definition zh: 不属于任何网格的面积与重复属于两个网格的面积之和占区域面积的比例
-- definition en: Area in no grid plus area claimed twice, as a share of the area
-- numerator zh: 空白面积与重叠面积（平方公里）
-- numerator en: area in no grid plus area claimed more than once, km²
-- denominator zh: 区域面积（平方公里）
-- denominator en: area, km²
-- date zh: 数据截止月（地图不带日期）
-- date en: the month in which the data end (the map has no dates)
-- exclusions zh: 没有边界的区域；网格一级只计重叠
-- exclusions en: areas without a boundary; for a grid only overlaps count
-- caveat zh: 由边界多边形计算；上级区域按自身多边形计，不是下级之和，故社区之间的空白也计入；因地图无日期，只有最近一期
-- caveat en: computed from the polygons; a parent area is measured on its own polygon, not summed, so that gaps between communities count; the latest period only, since the map has no dates
select
  b.geo_level,
  b.geo_code,
  p.period_kind,
  p.period,
  b.gap_km2 + b.overlap_km2 as numerator,
  b.area_km2 as denominator,
  (b.gap_km2 + b.overlap_km2) / b.area_km2 as value
from boundary_area as b
cross join last_period as p
