-- one row is: one cell of indicator_value that is not shown, and in which round it was found: first those whose count is below the threshold
create table suppressed as
select
  rowid as cell,
  0 as round
from snap.main.indicator_value
where n between 1 and {{threshold}} - 1
