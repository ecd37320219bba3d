-- what has no place in a subdistrict: a reader who is confined to one sees no row
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
