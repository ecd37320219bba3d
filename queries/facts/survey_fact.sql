-- one row is: one attempt to ask a resident, placed in the grid asked about, or in the grid of the case asked about
create or replace view survey_fact as
select
  s.* exclude (grid_code),
  coalesce(s.grid_code, c.grid_code) as grid_code,
  g.community_code,
  g.subdistrict_code,
  c.category_1,
  c.channel,
  c.handler_kind
from satisfaction as s
left join cases as c on c.case_id = s.case_id
left join grids as g on g.grid_code = coalesce(s.grid_code, c.grid_code)
  and coalesce(c.reported_at, s.surveyed_at) >= coalesce(g.valid_from, date '0001-01-01')
  and coalesce(c.reported_at, s.surveyed_at) < coalesce(g.valid_to, date '9999-12-31');
