-- one row is: one indicator's mean over the other areas of one level in one period, without their names
-- The mean is over areas, each counting once. Fewer than three others are not shown: a mean of one or two is no mean.
create view peer_average as
select
  v.indicator,
  v.geo_level,
  v.period_kind,
  v.period,
  count(v.value) as areas,
  avg(v.value) as mean_value,
  median(v.value) as median_value
from snap.main.indicator_value as v
where v.geo_level <> 'district'
  and (v.geo_level, v.geo_code) not in (
    select
      (geo_level, geo_code)
    from scope_area
  )
group by
  v.indicator,
  v.geo_level,
  v.period_kind,
  v.period
having count(v.value) >= 3
