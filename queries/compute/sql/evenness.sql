-- one row is: the evenness of one indicator's named parts for one area and one period
-- Shannon's entropy over the largest that the named parts allow (Pielou 1966): H = ln N − Σ n ln n / N, evenness = H / ln K.
create or replace temp table evenness_total as
select
  t.indicator,
  t.geo_level,
  t.geo_code,
  t.period_kind,
  t.period,
  greatest(0, ln(sum(t.numerator)) - sum(t.numerator * ln(t.numerator)) / sum(t.numerator)) as numerator,
  ln(any_value(m.parts)) as denominator,
  sum(t.numerator)::bigint as n
from part_total as t
join indicator_meta as m on m.indicator = t.indicator
  and m.kind = 'evenness'
where t.numerator > 0
group by t.indicator, t.geo_level, t.geo_code, t.period_kind, t.period;
