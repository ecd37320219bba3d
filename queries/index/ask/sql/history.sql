-- one row is: one index of one area in one period of a kind; $1 geo level, $2 code, $3 kind of period
select
  m.index_code,
  v.period,
  v.score,
  v.score_low,
  v.score_high,
  v.rank,
  v.ranked,
  v.rank_low,
  v.rank_median,
  v.rank_high,
  coalesce(v.grade, ''),
  v.previous,
  v.previous_rank,
  v.coverage,
  coalesce(v.flag, '')
from index_meta as m
join index_value as v on v.index_code = m.index_code
  and v.geo_level = $1
  and v.geo_code = $2
  and v.period_kind = $3
order by m.seq, v.period
