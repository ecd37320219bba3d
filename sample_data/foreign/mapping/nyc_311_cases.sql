-- one row is: one service request
select
  "Unique Key" as case_id,
  'request' as case_kind,
  "Created Date" as reported_at,
  "Open Data Channel Type" as channel,
  "Complaint Type" as category_1,
  "Descriptor" as category_2,
  coalesce("Community Board", 'Unspecified') || '/' || coalesce("Incident Zip", 'Unspecified') as grid_code,
  "Agency" as department,
  "Due Date" as due_at,
  "Closed Date" as closed_at,
  "Status" as status,
  "Resolution Action Updated Date" as updated_at
from raw
