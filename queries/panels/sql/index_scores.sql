-- one row is: one index's score and rank of one area in one period; $1 index ('' means all), $2 geo level, $3 period
select
  v.index_code,
  v.geo_level,
  v.geo_code,
  coalesce(a.name, ''),
  v.period,
  v.score,
  v.score_low,
  v.score_high,
  v.rank,
  v.ranked,
  v.rank_low,
  v.rank_high,
  coalesce(v.grade, ''),
  v.coverage,
  coalesce(v.flag, '')
from index_value as v
left join area as a using (geo_level, geo_code)
where $1 in ('', v.index_code)
  and v.geo_level = $2
  and v.period = $3
order by v.index_code, v.rank nulls last, v.geo_code
