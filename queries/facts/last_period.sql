-- one row is: the month, the quarter or the year in which the data end
create or replace view last_period as
with known as (
  select
    max(value) filter (key = 'as_of')::timestamp as as_of
  from snapshot_info
)
select 'month' as period_kind, strftime(as_of, '%Y-%m') as period
from known
union all
select 'quarter', year(as_of) || '-Q' || quarter(as_of)
from known
union all
select 'year', strftime(as_of, '%Y')
from known;
