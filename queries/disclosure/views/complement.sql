-- one row is: one more cell that is not shown, because a sum would give small counts away: the smallest of the shown
-- One hidden cell is the total less the others. Several have their sum given away, which must not be a small count either,
-- nor as many as they are, for then each is one. A total that is hidden too gives nothing away. Among equals a hash of the
-- cell's own keys decides, so that every night and every server hide the same. Only the sums of what the round before has
-- hidden are looked at.
insert into suppressed
with latest as (
  select
    max(round) as round
  from suppressed
),
touched as (
  select distinct
    m.sum_of
  from member as m
  join suppressed as s on s.cell = m.cell
  join latest on latest.round = s.round
)
select distinct
  arg_min(m.cell, (m.is_total, m.n, m.key)) filter (s.cell is null) as cell,
  any_value(latest.round) + 1
from member as m
join touched using (sum_of)
cross join latest
left join suppressed as s on s.cell = m.cell
group by
  m.sum_of
having count(s.cell) between 1 and count(*) - 1
  and (
    count(s.cell) = 1
    or (
      not bool_or(m.is_total and s.cell is not null)
      and (
        sum(m.n) filter (s.cell is not null) < {{threshold}}
        or sum(m.n) filter (s.cell is not null) = count(s.cell)
      )
    )
  )
