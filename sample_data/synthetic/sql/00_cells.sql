-- one row is: one cell of the map, as the map's code laid it out
create table cell as
select
  unnest(
    from_json(
      getvariable('cells')::json,
      '[{"cell": "INTEGER", "subdistrict": "INTEGER", "community": "INTEGER", "com_in_sub": "INTEGER", "grid": "INTEGER",
        "area_km2": "DOUBLE", "split": "BOOLEAN", "split_share": "DOUBLE", "new_grid": "INTEGER"}]'
    ),
    recursive := true
  );
