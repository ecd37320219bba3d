-- one row is: one area of a geo level below an area, with its score and rank in one period; best score first, areas without one last
-- $1 index, $2 geo level, $3 period, $4 level of the area above, $5 its code; an area is below itself
with recursive below as (
  select geo_level, geo_code, name
  from area
  where geo_level = $4
    and geo_code = $5
  union all
  select a.geo_level, a.geo_code, a.name
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
select
  b.geo_code,
  b.name,
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
from below as b
left join index_value as v on v.index_code = $1
  and v.geo_level = b.geo_level
  and v.geo_code = b.geo_code
  and v.period = $3
where b.geo_level = $2
order by v.score desc nulls last, b.geo_code
