-- one row is: one cell of indicator_value that is not shown, and in which round it was found: first those whose count is below the threshold
-- The count is n, or the numerator of indicators whose denominator says who could have been counted.
create table suppressed as
select
  rowid as cell,
  0 as round
from snap.main.indicator_value
where if(indicator in ({{exposures}}), ceil(numerator), n) between 1 and {{threshold}} - 1
