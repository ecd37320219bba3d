-- one row is: whether any area of a level has a polygon; $1 geo level
select
  exists (
    from boundaries
    where geo_level = $1
  )
