-- deletes which areas were left out: that is told anew every night
delete from dea_left_out;
