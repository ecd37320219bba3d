-- one row is: the activities of one kind and organiser in one grid and month
select
  date_trunc('month', a.held_on)::date as month,
  a.grid_code,
  g.community_code,
  g.subdistrict_code,
  a.kind,
  a.organiser_kind,
  count(*),
  sum(a.participants),
  sum(a.hours),
  sum(a.households_visited),
  sum(a.funding_yuan)
from activities as a
left join grids as g on g.grid_code = a.grid_code
  and a.held_on >= coalesce(g.valid_from, date '0001-01-01')
  and a.held_on < coalesce(g.valid_to, date '9999-12-31')
group by all
order by month, subdistrict_code, community_code, grid_code;
