-- touched_period: one row is one period in which a value or a flag may have changed
create or replace temp table touched_period as
select period_id
from touched
union
select period_id
from touched_curve
union
select k.period_id
from ((from period_flag_now except from part.period_flag) union (from part.period_flag except from period_flag_now)) as f
join period_key as k using (period_kind, period);

delete from indicator_value as v
using (
  select m.indicator, p.period_kind, p.period
  from indicator_meta as m
  cross join touched_period as t
  join period_key as p using (period_id)
  where m.kind = 'composite'
) as t
where t.indicator = v.indicator
  and t.period_kind = v.period_kind
  and t.period = v.period;

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
semi join touched_period as t on t.period_id = p.period_id
left join incomplete as i on i.indicator_id = m.indicator_id
  and i.period_id = p.period_id
order by w.indicator, w.geo_level, w.period_kind, w.period, w.geo_code;
