-- Everything is to be counted again.
delete from part.stale_cell;
create or replace macro part.is_stale_month(name, happened) as happened is not null;
create or replace macro part.is_stale(name, happened, area) as happened is not null;
create or replace temp macro is_stale_place(name, happened, community) as happened is not null;
