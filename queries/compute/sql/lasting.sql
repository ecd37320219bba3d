-- part.lasting_case, of all cases (live.sql says what it is)
create or replace table part.lasting_case as
from cases as c
where lasts(reported_at, accepted_at, dispatched_at, first_response_at, due_at, closed_at, status);
