-- one row is: F62 (efficiency) or F63 (change of productivity) of one area in one period, as the catalogue's values
delete from indicator_value
where indicator in ('F62', 'F63');
insert into indicator_value by name
select
  'F62' as indicator,
  geo_level,
  geo_code,
  period_kind,
  period,
  ccr as value,
  areas as n,
  low,
  high,
  case
    when areas < 12
      then 'small_n'
  end as flag,
  right(geo_code, 8) as geo_code_end
from dea_value
order by geo_level, period_kind, period, geo_code;
insert into indicator_value by name
select
  'F63' as indicator,
  c.geo_level,
  c.geo_code,
  c.period_kind,
  c.period,
  c.malmquist as value,
  v.areas as n,
  case
    when v.areas < 12
      then 'small_n'
  end as flag,
  right(c.geo_code, 8) as geo_code_end
from dea_change as c
join dea_value as v using (geo_level, geo_code, period_kind, period)
where c.malmquist is not null
order by c.geo_level, c.period_kind, c.period, c.geo_code;
