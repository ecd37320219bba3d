-- one row is: the rows of one feed of one department that are dated in one month, against what is usual there
-- Only feeds that bring new rows every month. usual: the median of the up to twelve months before, or, where fewer than
-- three are known, of those or of the months after, whichever is more; the running month is held to the part of it that has passed.
-- A month between a feed's first month and the end of the data stands here even where it brought nothing.
delete from feed_month;
insert into feed_month
with dated as (
  select
    feed,
    load_id,
    date_trunc('month', day)::date as month,
    sum(rows) as rows
  from part.feed_day
  group by all
),
owned as (
  select
    d.feed,
    coalesce(l.department, '') as department,
    d.month,
    sum(d.rows) as rows
  from dated as d
  left join load as l using (load_id)
  group by all
),
begun as (
  select
    feed,
    department,
    min(month) as first_month
  from owned
  group by feed, department
),
spine as (
  select
    b.feed,
    b.department,
    m.month,
    m.days / day(last_day(m.month)) as passed,
    coalesce(o.rows, 0) as rows
  from begun as b
  join data_month as m on m.month >= b.first_month
  left join owned as o on o.feed = b.feed
    and o.department = b.department
    and o.month = m.month
),
compared as (
  select
    *,
    case
      when count(*) over before >= 3
        then median(rows) over before
      else greatest(median(rows) over before, median(rows) over after)
    end as usual_month
  from spine
  window before as (partition by feed, department order by month rows between 12 preceding and 1 preceding),
    after as (partition by feed, department order by month rows between 1 following and 12 following)
)
select
  feed,
  department,
  month,
  rows,
  usual_month * passed as usual,
  -- a handful of rows varies by itself; a feed that is wholly absent does not
  rows < 0.5 * usual_month * passed and (usual_month * passed >= 20 or rows = 0 and usual_month > 0 and passed = 1) as is_short
from compared
order by feed, department, month;
