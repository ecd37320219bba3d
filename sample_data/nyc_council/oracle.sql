-- one row is: one borough and year of opening, with the closure share and the Kaplan–Meier median, straight from the raw CSV
-- Written by hand, apart from the indicators' own SQL, as their oracle (F22 and F14). Variables: cases (path of the CSV), as_of (date).
-- The last version of a key counts (one with a closing date is newer, then one that says more about the place). What closed after as_of was open then; open
-- cases are censored at the end of the day as_of, in whole days like the rest. median_days: the smallest t with S(t) <= 1/2.
with raw as (
  select
    *
  from read_csv(getvariable('cases'), header = true, all_varchar = true)
),
latest as (
  select
    unique_key,
    coalesce(borough, 'Unspecified') as borough,
    opendate::date as opened,
    if(closedate::date <= getvariable('as_of'), closedate::date, null) as closed
  from raw
  where opendate::date <= getvariable('as_of')
  qualify row_number() over (
    partition by unique_key
    order by
      coalesce(closedate, opendate) desc,
      (borough is not null)::integer + (community_board is not null)::integer + (zip is not null)::integer desc
  ) = 1
),
duration as (
  select
    borough,
    year(opened) as year,
    coalesce(closed, getvariable('as_of')) - opened as days,
    closed is not null as ended
  from latest
),
-- the product-limit estimate: at each day with closings, the share of those still open that closes
at_day as (
  select
    borough,
    year,
    days,
    count(*) filter (where ended) as closings,
    count(*) as leaving
  from duration
  group by all
),
survival as (
  select
    d.borough,
    d.year,
    d.days,
    product(1 - e.closings / e.at_risk) as s
  from at_day d
  join (
    select
      borough,
      year,
      days,
      closings,
      sum(leaving) over (partition by borough, year order by days desc) as at_risk
    from at_day
  ) e on e.borough = d.borough and e.year = d.year and e.days <= d.days
  group by all
)
select
  borough,
  year,
  (select count(*) from duration c where c.borough = d.borough and c.year = d.year and c.ended) as closed,
  (select count(*) from duration c where c.borough = d.borough and c.year = d.year) as reported,
  (select min(s.days) from survival s where s.borough = d.borough and s.year = d.year and s.s <= 0.5 + 1e-12) as median_days
from duration d
group by borough, year
order by borough, year;
