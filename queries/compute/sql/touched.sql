-- touched: the periods whose values are computed again: those with a month in which parts have changed or that a feed covers since, and
-- those whose flags have changed. Of durations, touched_area says more closely what has changed.
insert into touched_month
select distinct i.pass, u.month
from ((from uncovered except from part.uncovered) union (from part.uncovered except from uncovered)) as u
join indicator_meta as m using (indicator)
join indicator_pass as i using (indicator_id);

insert into touched
with changed as (
  select t.pass, p.period_id
  from touched_month as t
  join month_period as p using (month)
  union
  select i.pass, k.period_id
  from ((from period_flag_now except from part.period_flag) union (from part.period_flag except from period_flag_now)) as f
  join indicator_meta as m using (indicator)
  join indicator_pass as i using (indicator_id)
  join period_key as k using (period_kind, period)
  union
  -- a month that the data had not reached, but some date had: its quarter and year have it from now on
  select i.pass, p.period_id
  from period_key as k
  anti join part.period_flag as f using (period_kind, period)
  join month_period as p on p.month = k.starts
  cross join (select distinct pass from indicator_pass) as i
  where k.period_kind = 'month'
)
select i.indicator_id, c.period_id
from changed as c
join indicator_pass as i using (pass);
