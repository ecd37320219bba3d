-- work_day, work_minute: asked for every case several times, and worked out from all cases, so they are laid out once
drop table if exists temp.main.work_day;
create temp table work_day as from work_day;
drop table if exists temp.main.work_minute;
create temp table work_minute as from work_minute;
