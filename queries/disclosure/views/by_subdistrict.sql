-- rows that carry their subdistrict
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or subdistrict_code = getvariable('scope')
