-- code: F63
-- name zh: 全要素生产率变动（Malmquist）
-- name en: Change of productivity (Malmquist)
-- family: F
-- dimension: F6
-- direction: up
-- kind: derived
-- unit: ratio
-- time: month
-- interval: none
-- feeds: cases, satisfaction, staff, training
-- rows: cadre_force
-- source zh: Färe、Grosskopf、Norris 与 Zhang（1994）
-- source en: Färe, Grosskopf, Norris and Zhang (1994)
-- definition zh: 与上一同类时段相比的全要素生产率之比，大于 1 为提高；等于追赶乘前沿移动
-- definition en: Productivity as a ratio to the period before, above 1 is better; the product of catching up and frontier shift
-- numerator zh: 本期相对前沿的产出
-- numerator en: this period's outputs against the frontiers
-- denominator zh: 上期相对前沿的产出
-- denominator en: the period before's outputs against the frontiers
-- date zh: 按季、年计算，与上一季、年比较
-- date en: computed by quarter and year, against the one before
-- exclusions zh: 未结束的时段；两期之一无产出的区域
-- exclusions en: periods that are not over; areas without output in one of the two
-- caveat zh: 产出是案件与答复的数量，需求的增减也会使其变动
-- caveat en: outputs are numbers of cases and answers, so that changes in demand move it too
select
  geo_level,
  geo_code,
  period_kind,
  period,
  null as numerator,
  null as denominator,
  malmquist as value,
  null as n
from dea_change
where malmquist is not null
