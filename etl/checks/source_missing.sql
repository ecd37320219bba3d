-- code: source_missing
-- feed: all
-- when: end
-- severity: warn
-- zh: 几乎每次都有新文件的来源这次没有
-- en: no new file from a source that nearly always has one
-- one row is: one department at fault
-- Detail: the source, and in how many of the runs of the last 28 days it had a new file.
with night as (
  select
    run_id
  from run
  where outcome = 'published'
    and started_at > getvariable('run_started') - interval 28 day
),
delivery as (
  select
    l.source,
    l.feed,
    l.department,
    l.run_id,
    sum(l.rows_read) as rows
  from load as l
  semi join night as n on n.run_id = l.run_id
  group by l.source, l.feed, l.department, l.run_id
),
usual as (
  select
    source,
    feed,
    department,
    count(*) as runs,
    median(rows) as rows
  from delivery
  group by source, feed, department
),
tonight as (
  select
    source,
    sum(rows_read) as rows
  from load
  where run_id = getvariable('run_id')
  group by source
)
select
  u.feed,
  u.department,
  1 as failed,
  1 as checked,
  u.source || ': ' || u.runs || ' / ' || (select count(*) from night) as detail
from usual as u
anti join tonight as t on t.source = u.source
where (select count(*) from night) >= 5
  and u.runs >= 0.8 * (select count(*) from night)
