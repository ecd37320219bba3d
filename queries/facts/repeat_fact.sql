-- one row is: one valid case whose reporter, main category and grid are known
-- is_repeat: the same reporter raised the same category in the same grid in the 90 days before.
-- dated reported_at: cases.reported_at, from 90 days before
create or replace view repeat_fact as
with named as (
  select
    case_id,
    reporter_key,
    category_1,
    grid_code,
    community_code,
    subdistrict_code,
    reported_at,
    hash(reporter_key, category_1, grid_code) as likeness
  from case_fact
  where is_valid
    and reporter_key is not null
    and category_1 is not null
    and grid_code is not null
),
again as (
  -- most reporters report once: only what occurs again is put in order, by its hash, which is shorter; what has the same by chance does no harm
  select
    likeness
  from named
  group by likeness
  having count(*) > 1
),
ordered as (
  select
    n.case_id,
    n.reported_at <= lag(n.reported_at) over (
      partition by n.reporter_key, n.category_1, n.grid_code
      order by n.reported_at, n.case_id
    ) + interval 90 day as is_repeat
  from named as n
  semi join again as a on a.likeness = n.likeness
)
select
  n.* exclude (likeness),
  coalesce(o.is_repeat, false) as is_repeat
from named as n
left join ordered as o on o.case_id = n.case_id;
