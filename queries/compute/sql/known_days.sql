-- cases: one row is one case that came since the last run, or one end of the days that it knew; days.sql asks for the days of these
-- instead of those of all cases
set variable last_load = (select load_id from moment);
drop table if exists temp.main.cases;
create temp table cases as
select reported_at, accepted_at, dispatched_at, first_response_at
from cases
where load_id > getvariable('last_load')
union all
select unnest([first_day, last_day]), null, null, null
from moment;
