-- one row is: one cell of indicator_value that is not shown: first those whose count is below the threshold
create table suppressed as
select
  rowid as cell
from snap.main.indicator_value
where n between 1 and {{threshold}} - 1
