-- one row is: one index's score and rank of one area in one period; $1 index ('' means all), $2 geo level, $3 period
-- $4 level of an area that they belong to, $5 its code ('' means any)
with recursive below as (
  select geo_level, geo_code
  from area
  where geo_level = $4
    and geo_code = $5
  union all
  select a.geo_level, a.geo_code
  from area as a
  join below as b on a.parent_level = b.geo_level
    and a.parent_code = b.geo_code
)
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
  and ($5 = '' or (v.geo_level, v.geo_code) in (select (geo_level, geo_code) from below))
order by v.index_code, v.rank nulls last, v.geo_code
