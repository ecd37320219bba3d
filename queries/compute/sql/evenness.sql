-- one row is: the evenness of one indicator's named parts for one area and one period
-- Shannon's entropy over the largest that the named parts allow (Pielou 1966): H = ln N − Σ n ln n / N, evenness = H / ln K.
create or replace temp table evenness_total as
select
  t.indicator_id,
  t.area_id,
  t.period_id,
  greatest(0, ln(sum(t.cases)) - sum(t.cases * ln(t.cases)) / sum(t.cases)) as numerator,
  ln(any_value(m.parts)) as denominator,
  sum(t.cases)::bigint as n
from evenness_part as t
join indicator_meta as m using (indicator_id)
group by t.indicator_id, t.area_id, t.period_id;
