-- code: grids_parent_differs
-- feed: grids
-- when: end
-- severity: warn
-- zh: 同一社区在同一时期属于两个街道
-- en: a community lies in two subdistricts at the same time
-- one row is: one department at fault
-- Detail: up to ten such communities.
with span as (
  select
    community_code,
    subdistrict_code,
    load_id,
    coalesce(valid_from, date '0001-01-01') as starts,
    coalesce(valid_to, date '9999-12-31') as ends
  from grids
)
select
  'grids' as feed,
  l.department,
  count(distinct a.community_code) as failed,
  (select count(distinct community_code) from grids) as checked,
  list_sort(list(distinct a.community_code))[:10]::varchar as detail
from span as a
join span as b on b.community_code = a.community_code
  and b.subdistrict_code > a.subdistrict_code
  and b.starts < a.ends
  and a.starts < b.ends
left join load as l on l.load_id = a.load_id
group by l.department
