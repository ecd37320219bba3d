-- What the catalogue says about each indicator, for the statements that follow.
create or replace temp table indicator_meta (
  indicator varchar,
  kind varchar,
  scale double,
  interval varchar,
  numerator_over varchar,
  denominator_over varchar,
  parts integer,
  least_n bigint,
  range_low double,
  range_high double
);

-- by_month: the indicator is counted from what stands in a month, so that a month without the feed would count as zero.
create or replace temp table indicator_feed (indicator varchar, feed varchar, by_month boolean);
create or replace temp table indicator_curve (indicator varchar, curve varchar, quantile double);
create or replace temp table poisson_limit (count double, low double, high double);
create or replace temp table t_limit (n bigint, t double);

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
