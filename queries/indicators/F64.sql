-- code: F64
-- name zh: 三率综合得分
-- name en: Three-rate score
-- family: F
-- dimension: F6
-- direction: up
-- kind: composite
-- unit: points
-- time: month
-- interval: none
-- feeds: cases, satisfaction
-- target: 90
-- rows: weak_execution, residents_participation
-- source zh: 接诉即办通行做法；权重随城市与年份不同，可在配置中改（three_rate_weights）
-- source en: practice of 接诉即办 (act on complaint); weights differ by city and year and can be configured (three_rate_weights)
-- definition zh: 响应率、解决率、满意率按权重合成的百分制得分
-- definition en: Response, resolution and satisfaction rates, weighted to a score of 100
-- numerator zh: 各率乘权重之和
-- numerator en: sum of the rates times their weights
-- denominator zh: 权重之和
-- denominator en: sum of the weights
-- date zh: 与三率各自的日期相同
-- date en: as the dates of the three rates
-- exclusions zh: 三率缺一即无得分
-- exclusions en: no score where one of the three is missing
-- caveat zh: 合成值会掩盖短板，须同时看三率；权重默认为 0.2、0.4、0.4（F11、F23、F51 次序），以快照信息 three_rate_weights 为准；改权重后各期得分随之重算
-- caveat en: a composite hides what is weak, look at the three as well; weights are 0.2, 0.4, 0.4 (in the order F11, F23, F51) unless three_rate_weights of snapshot_info says otherwise; with new weights all periods are scored anew
with given as (
  select
    string_split(coalesce(max(value) filter (key = 'three_rate_weights'), '0.2,0.4,0.4'), ',') as weights
  from snapshot_info
),
weight as (
  select unnest(['F11', 'F23', 'F51']) as indicator, unnest(weights)::double as weight
  from given
)
select
  v.geo_level,
  v.geo_code,
  v.period_kind,
  v.period,
  sum(w.weight * v.value) as numerator,
  sum(w.weight) as denominator,
  100 * sum(w.weight * v.value) / sum(w.weight) as value,
  min(v.n) as n
from indicator_value as v
join weight as w using (indicator)
where v.value is not null
group by v.geo_level, v.geo_code, v.period_kind, v.period
having count(*) = 3
