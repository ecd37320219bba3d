-- appraisals: those that the subdistrict gave or got
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or from_org = getvariable('scope')
  or to_org = getvariable('scope')
