-- What the catalogue says about each indicator, for the statements that follow. Indicators go by their place in it.
create or replace temp table indicator_meta (
  indicator_id integer,
  indicator varchar,
  kind varchar,
  scale double,
  interval varchar,
  parts integer,
  least_n bigint,
  settles integer,
  range_low double,
  range_high double
);

-- by_month: the indicator is counted from what stands in a month, so that a month without the feed would count as zero.
create or replace temp table indicator_feed (indicator varchar, feed varchar, by_month boolean);
create or replace temp table indicator_curve (indicator_id integer, curve varchar, quantile double);
create or replace temp table poisson_limit (count double, low double, high double);
create or replace temp table t_limit (n bigint, t double);

-- part_total: the parts of one indicator for one area and one period
create or replace temp table part_total (indicator_id integer, area_id integer, period_id integer, numerator double, denominator double, squares double);

-- evenness_part: one of the parts of which an indicator tells the evenness
create or replace temp table evenness_part (indicator_id integer, area_id integer, period_id integer, cases double);

-- balance_part: the load of one grid in one month
create or replace temp table balance_part (
  indicator_id integer,
  month date,
  grid_code varchar,
  community_code varchar,
  subdistrict_code varchar,
  numerator double,
  denominator double
);

-- whole_total: values that an indicator's statement gives for areas and periods itself
create or replace temp table whole_total (
  indicator varchar,
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  numerator double,
  denominator double,
  value double,
  n bigint
);

-- touched: one row is one period for which the values of one indicator are computed again
create or replace temp table touched (indicator_id integer, period_id integer);

-- touched_month: one month in which the parts of one pass have changed
create or replace temp table touched_month (pass varchar, month date);

-- touched_area: one area and month whose durations on one curve have changed, from the shortest on that did; 0 where cases came or went
create or replace temp table touched_area (curve varchar, month date, area_id integer, duration integer);
create or replace temp table indicator_pass (indicator_id integer, pass varchar);
