-- rows that carry their grid: those of the grids that ever belonged to the subdistrict
create view {{name}} as
select
  {{columns}}
from snap.main.{{name}}
where getvariable('scope') is null
  or grid_code in (
    select
      grid_code
    from snap.main.grids
    where subdistrict_code = getvariable('scope')
  )
