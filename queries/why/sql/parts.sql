-- one row is: an indicator's numerator and denominator of one area below the one asked about, one category and one of two periods
-- In braces: the rows to count, the time, numerator and denominator of the indicator; child and parent are the columns of the geo
-- levels, category the fact's category (or an empty text). Parameters: first day and day after the last of the period
-- before, the same of the period after, the area asked about. An area or category that is not known is an empty text.
select
  case
    when {time} < $2 and {time} >= $1 then 'before'
    else 'after'
  end as side,
  coalesce({child}, '') as area,
  coalesce({category}, '') as category,
  coalesce(({numerator})::double, 0) as numerator,
  coalesce(({denominator})::double, 0) as denominator
from {rows}
where (({time} >= $1 and {time} < $2) or ({time} >= $3 and {time} < $4))
  and {parent} = $5
group by 1, 2, 3
having coalesce(({denominator})::double, 0) > 0
order by 1, 2, 3;
