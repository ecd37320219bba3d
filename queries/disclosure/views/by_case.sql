-- rows about a case: those of the cases reported in the subdistrict
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or case_id in (
    select
      case_id
    from snap.main.case_fact
    where subdistrict_code = getvariable('scope')
  )
