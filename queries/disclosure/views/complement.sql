-- one row is: one more cell that is not shown, because a sum would give the only hidden one away: the smallest of the shown
insert into suppressed
select distinct
  arg_min(m.cell, m.n) filter (s.cell is null)
from member as m
left join suppressed as s on s.cell = m.cell
group by
  m.sum_of
having count(s.cell) = 1
  and count(*) > 1
