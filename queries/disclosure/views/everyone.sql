-- what everybody may see in full
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
