-- one row is: an indicator's numerator and denominator of one grid and category in one of two periods, with the areas above the grid
-- In braces: the rows to count, the time, numerator and denominator of the indicator; the columns of the fact for subdistrict, community,
-- grid and category, or empty texts where it has none. Parameters: first day and day after the last of the
-- period before, the same of the period after.
select
  case
    when {time} < $2 and {time} >= $1 then 'before'
    else 'after'
  end as side,
  coalesce({subdistrict}, '') as subdistrict,
  coalesce({community}, '') as community,
  coalesce({grid}, '') as grid,
  coalesce({category}, '') as category,
  coalesce(({numerator})::double, 0) as numerator,
  coalesce(({denominator})::double, 0) as denominator
from {rows}
where (({time} >= $1 and {time} < $2) or ({time} >= $3 and {time} < $4))
group by 1, 2, 3, 4, 5
having coalesce(({denominator})::double, 0) > 0
order by 1, 2, 3, 4, 5;
