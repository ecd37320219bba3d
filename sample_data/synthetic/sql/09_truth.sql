-- one row is: the rows written for one month, by what they are
create table written (month date, row_kind varchar, rows bigint);

-- one row is: sums of one month for checking the planted effects
create table planted (month date, effect varchar, part varchar, numerator bigint, denominator bigint);

-- one row is: one area in which an effect was planted
create table planted_area as
select distinct 'fengqiao' as effect, community_code as code, community_name as name, fengqiao_from::varchar as starts_on, null::varchar as until
from place
where fengqiao_from is not null
union all
select distinct 'fengqiao in the grid', community_code, community_name, fengqiao_from::varchar, null
from place
where fengqiao_from is not null
union all
select distinct 'standardisation', community_code, community_name, standard_from::varchar, null
from place
where standard_from is not null
union all
select distinct 'slip', subdistrict_code, subdistrict_name, slip_from::varchar, null
from place, moment
where slips
union all
select distinct 'flood', subdistrict_code, subdistrict_name, flood_from::varchar, (flood_from + 6)::varchar
from place, moment
where subdistrict in (5, 6, 11)
union all
select effect, grid_code, grid_name, game_from::varchar, null
from place, gaming, moment, unnest(['gaming reach', 'gaming satisfied']) as t(effect)
where place.cell = gaming.cell;
