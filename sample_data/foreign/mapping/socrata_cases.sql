-- one row is: one service request
select
  unique_key as case_id,
  'request' as case_kind,
  created_date as reported_at,
  complaint_type as category_1,
  coalesce(community_board, 'Unspecified') || '/' || coalesce(incident_zip, 'Unspecified') as grid_code,
  agency as department,
  closed_date as closed_at,
  status,
  coalesce(closed_date, created_date) as updated_at
from raw
