-- one row is: one piece of casework of a council office
-- Dates have no clock, so durations are whole days. A case with a closing date is the newer version of the same key;
-- of two with the same date the one that says more about the place counts as newer, by a second for each field.
-- Offices give no time limit, level of handling, hand-offs or source: indicators on these have no data.
select
  unique_key as case_id,
  'request' as case_kind,
  opendate as reported_at,
  complaint_type as category_1,
  descriptor as category_2,
  coalesce(nullif(borough, ''), 'Unspecified') || '/' || coalesce(nullif(community_board, ''), 'Unspecified') || '/'
    || coalesce(nullif(zip, ''), 'Unspecified') as grid_code,
  account as department,
  nullif(closedate, '') as closed_at,
  case when nullif(closedate, '') is null then 'handling' else 'closed' end as status,
  try_cast(coalesce(nullif(closedate, ''), opendate) as timestamp)
    + to_seconds((coalesce(borough, '') <> '')::integer + (coalesce(community_board, '') <> '')::integer + (coalesce(zip, '') <> '')::integer)
    as updated_at
from raw
