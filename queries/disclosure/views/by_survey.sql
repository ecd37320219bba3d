-- surveys: those of the subdistrict, by the grid asked about or the grid of the case asked about
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or survey_id in (
    select
      survey_id
    from snap.main.survey_fact
    where subdistrict_code = getvariable('scope')
  )
