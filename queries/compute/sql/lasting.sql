-- fills part.lasting_case from all cases
delete from part.lasting_case;
insert into part.lasting_case by name
select *
from cases
where lasts(reported_at, accepted_at, dispatched_at, first_response_at, due_at, closed_at, status);
