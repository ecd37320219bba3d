-- grid_month: asked for by several passes and by community_month, and worked out from all its feeds each time
drop table if exists temp.main.grid_month;
create temp table grid_month as from grid_month;
