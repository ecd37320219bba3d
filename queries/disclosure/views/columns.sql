-- one row is: one column of a table or view of the snapshot, with its comment
select
  c.table_name,
  c.column_name,
  c.data_type,
  coalesce(c.comment, '')
from duckdb_columns() as c
where c.database_name = 'snap'
  and c.schema_name = 'main'
  and not c.internal
order by
  c.table_name,
  c.column_index
