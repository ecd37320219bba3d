-- one row is: one composite of whole_total for one area and one period, with the flags of its period
insert into indicator_value
select
  w.indicator,
  w.geo_level,
  w.geo_code,
  w.period_kind,
  w.period,
  w.numerator,
  w.denominator,
  w.value,
  w.n,
  null,
  null,
  nullif(concat_ws(',',
    case when w.n < 30 then 'small_n' end,
    case when p.is_partial then 'partial' end,
    case when i.indicator_id is not null then 'incomplete' end
  ), ''),
  null,
  right(w.geo_code, 8)
from whole_total as w
join indicator_meta as m using (indicator)
join period_key as p using (period_kind, period)
left join incomplete as i on i.indicator_id = m.indicator_id
  and i.period_id = p.period_id
order by w.indicator, w.geo_level, w.period_kind, w.period, w.geo_code;
