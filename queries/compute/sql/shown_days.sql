-- shows the cases again that known_days.sql has hidden
drop table temp.main.cases;
