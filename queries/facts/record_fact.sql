-- one row is: one row of the feeds cases, satisfaction or activities (feed says which), with how many of the fields it should have are filled
-- Closed cases should have handler, level and outcome as well; answered surveys a score or whether the matter was resolved.
create or replace view record_fact as
select
  'cases' as feed,
  reported_at as happened_at,
  grid_code,
  community_code,
  subdistrict_code,
  5 + case when is_closed then 3 else 0 end as fields_required,
  (case_kind is not null)::integer + (channel is not null)::integer + (source is not null)::integer
    + (category_1 is not null)::integer + (grid_code is not null)::integer
    + case when is_closed then (handler_kind is not null)::integer + (handling_level is not null)::integer + (outcome is not null)::integer else 0 end as fields_filled
from case_fact
union all
select
  'satisfaction',
  surveyed_at,
  grid_code,
  community_code,
  subdistrict_code,
  3 + coalesce(responded, false)::integer,
  (case_id is not null or grid_code is not null)::integer + (method is not null)::integer + (responded is not null)::integer
    + (coalesce(responded, false) and (score is not null or resolved is not null))::integer
from survey_fact
union all
select
  'activities',
  a.held_on::timestamp,
  a.grid_code,
  g.community_code,
  g.subdistrict_code,
  4,
  (a.organiser_kind is not null)::integer + (a.grid_code is not null)::integer + (a.participants is not null)::integer + (a.hours is not null)::integer
from activities as a
left join grids as g on g.grid_code = a.grid_code
  and a.held_on >= coalesce(g.valid_from, date '0001-01-01')
  and a.held_on < coalesce(g.valid_to, date '9999-12-31');
