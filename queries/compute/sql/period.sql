-- month_period: one row is one month of the parts, with the period of each kind that it belongs to
create or replace temp table month_period as
with month as (
  select distinct month from indicator_part
  union
  select distinct month from duration_part
  union
  select month from data_month
)
select month, 'month' as period_kind, strftime(month, '%Y-%m') as period, month as starts, month + interval 1 month as ends
from month
union all
select month, 'quarter', year(month) || '-Q' || quarter(month), date_trunc('quarter', month), date_trunc('quarter', month) + interval 3 month
from month
union all
select month, 'year', strftime(month, '%Y'), date_trunc('year', month), date_trunc('year', month) + interval 1 year
from month;
