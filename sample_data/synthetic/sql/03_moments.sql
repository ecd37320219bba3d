-- one row is: the dates on which planted things happen, as shares of the period
create table moment as
select
  getvariable('first_day') as first_day,
  getvariable('last_day') as last_day,
  date_trunc('month', getvariable('last_day') - (0.25 * days)::integer)::date as slip_from,
  date_trunc('week', getvariable('last_day') - (0.43 * days)::integer)::date as flood_from,
  date_trunc('month', getvariable('first_day') + (0.32 * days)::integer)::date as redraw_1,
  date_trunc('month', getvariable('first_day') + (0.66 * days)::integer)::date as redraw_2,
  date_trunc('month', getvariable('first_day') + (0.50 * days)::integer)::date as standard_from,
  date_trunc('month', getvariable('last_day') - (0.50 * days)::integer)::date as game_from,
  days
from (
  select getvariable('last_day') - getvariable('first_day') + 1 as days
);
