-- one row is: one index's score of one area in one period of a kind, up to the last; $1 index, $2 geo level, $3 code, $4 period kind, $5 last period
select
  period,
  score,
  score_low,
  score_high,
  rank,
  coalesce(flag, '')
from index_value
where index_code = $1
  and geo_level = $2
  and geo_code = $3
  and period_kind = $4
  and period <= $5
order by period
