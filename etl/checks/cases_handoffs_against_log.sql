-- code: cases_handoffs_against_log
-- feed: cases
-- when: end
-- severity: warn
-- zh: 流转次数与流转日志不符
-- en: the number of hand-offs is not that of the case's log
-- one row is: one department at fault
-- Cases that this run brought, or whose log it brought. Detail: one of them.
with touched as (
  select case_id from cases where load_id >= getvariable('first_load')
  union
  select case_id from case_events where load_id >= getvariable('first_load')
),
logged as (
  select
    e.case_id,
    count_if(e.event = 'transferred') as steps
  from case_events as e
  semi join touched as t on t.case_id = e.case_id
  group by e.case_id
)
select
  'cases' as feed,
  l.department,
  count_if(c.handoffs <> g.steps) as failed,
  count(*) as checked,
  min(c.case_id) filter (c.handoffs <> g.steps) as detail
from cases as c
join logged as g on g.case_id = c.case_id
left join load as l on l.load_id = c.load_id
where c.handoffs is not null
group by l.department
