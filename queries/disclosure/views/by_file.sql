-- what is told about files: their names without the folders of this machine
create view {{name}} as
select
  * replace (parse_filename(path) as path)
from (
  select
    {{columns}}
  from snap.main.{{name}}
)
