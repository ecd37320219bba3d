-- rows that carry an area: those inside the subdistrict, and those of the whole district, which are everybody's total
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or geo_code is null
  or geo_level = 'district'
  or (geo_level, geo_code) in (
    select
      (geo_level, geo_code)
    from scope_area
  )
