-- cases that are not valid wait for nothing
create or replace temp macro may_wait(status) as coalesce(status, '') not in ('rejected', 'duplicate', 'withdrawn', 'out_of_scope');

-- a place that knows no responses need not look for those that are missing
set variable knows_responses = (select exists(from cases where first_response_at is not null));

-- what part.lasting_case holds
create or replace temp macro lasts(reported, accepted, dispatched, responded, due, closed, status) as
  greatest(accepted, dispatched, due, closed) > reported + interval 60 day
  or responded > reported + interval 36 day
  or (closed is null or responded is null and getvariable('knows_responses')) and may_wait(status);

-- live_case: the cases reported or loaded since a time, and of the others those that last (part.lasting_case). Whatever is dated 60 days
-- after live_since or later is of one of these.
create or replace temp macro live_case() as table
select *
from cases
where reported_at >= getvariable('live_since')
union all
select *
from cases
where reported_at < getvariable('live_since')
  and load_id >= getvariable('live_load')
union all
select *
from part.lasting_case
where reported_at < getvariable('live_since')
  and load_id < getvariable('live_load');
