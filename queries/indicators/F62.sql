-- code: F62
-- name zh: 综合效率（DEA）
-- name en: Efficiency (DEA)
-- family: F
-- dimension: F6
-- direction: up
-- kind: derived
-- unit: percent
-- time: month
-- interval: none
-- feeds: cases, satisfaction, staff, training
-- rows: cadre_force
-- source zh: 数据包络分析：Charnes、Cooper 与 Rhodes（1978）；区间：Simar 与 Wilson（1998）
-- source en: data envelopment analysis: Charnes, Cooper and Rhodes (1978); intervals: Simar and Wilson (1998)
-- definition zh: 与投入相当的同级区域相比，产出达到前沿的程度（规模报酬不变，产出导向）
-- definition en: How near an area's outputs are to the best that areas of its level get from the same inputs (constant returns, output-oriented)
-- numerator zh: 产出：按期办结件、满意答复
-- numerator en: outputs: cases closed in time, satisfied answers
-- denominator zh: 投入：月均在岗网格员、其近 12 个月培训学时
-- denominator en: inputs: grid workers in post on average, their hours of training in the last 12 months
-- date zh: 按季、年计算
-- date en: computed by quarter and year
-- exclusions zh: 无网格员或培训数据不足 12 个月的区域与时段
-- exclusions en: areas without grid workers, and periods with less than 12 months of training data
-- caveat zh: 相对于同级区域的效率，不宜跨层级、跨时段比较；案件少的地方产出受需求限制；区域少于 12 个时区分度低；区间为自助法所得，少于 20 个区域时不给
-- caveat en: relative to the areas of the same level and period, so not comparable across levels or over time; where few cases arise, demand limits output; fewer than 12 areas are hardly told apart; the interval comes from a bootstrap, for 20 areas or more
select
  geo_level,
  geo_code,
  period_kind,
  period,
  null as numerator,
  null as denominator,
  ccr as value,
  areas as n
from dea_value
