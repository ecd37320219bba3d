-- code: source_short
-- feed: all
-- when: end
-- severity: warn
-- zh: 来源的新数据不足平时一半
-- en: a source's new files are less than half as long as usual
-- one row is: one department at fault
-- Detail: the source, its rows of this run and the median of the runs of the last 28 days.
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
  round(u.rows - t.rows) as failed,
  round(u.rows) as checked,
  u.source || ': ' || t.rows || ' / ' || round(u.rows)::bigint as detail
from usual as u
join tonight as t on t.source = u.source
where u.runs >= 5
  and u.rows >= 30
  and t.rows < u.rows / 2
