-- one row is: the effect of one practice on one indicator, estimated in one way
-- effect, before and after are in the indicator's own unit; missing where the practice could not be evaluated.
create table practice_effect (
  practice varchar,
  practice_name varchar,
  practice_name_en varchar,
  indicator varchar,
  role varchar,
  geo_level varchar,
  method varchar,
  first_start date,
  last_start date,
  areas_introduced integer,
  areas_treated integer,
  areas_control integer,
  areas_left_out integer,
  treated_before double,
  treated_after double,
  control_before double,
  control_after double,
  effect double,
  std_error double,
  df double,
  low double,
  high double,
  p_value double,
  permutation_p double,
  permutation_low double,
  permutation_high double,
  clusters_treated double,
  clusters_control double,
  few_clusters boolean,
  pretrend_statistic double,
  pretrend_p double,
  group_average double,
  group_average_error double,
  event_average double,
  event_average_error double,
  verdict varchar
);
comment on table practice_effect is '做法评估结果 | Effects of practices';
comment on column practice_effect.practice is '做法代码 | Practice';
comment on column practice_effect.indicator is '指标代码 | Indicator';
comment on column practice_effect.role is 'expected 预期指标、related 相关指标 | expected: named with the practice; related: on the same subject';
comment on column practice_effect.method is '估计方式：main 主要、not_yet_treated 后推行者也作对照、all_controls 不分所属区域、last_month 以推行前一个月为基期 | How it was estimated';
comment on column practice_effect.effect is '平均效应（指标单位） | Mean effect on the treated areas, in the indicator''s unit';
comment on column practice_effect.low is '95% 区间下限（按区域聚类） | Lower end of the 95 % interval, clustered by area';
comment on column practice_effect.high is '95% 区间上限 | Upper end of the 95 % interval';
comment on column practice_effect.permutation_low is '置换检验 95% 区间下限 | Lower end of the randomisation interval';
comment on column practice_effect.permutation_high is '置换检验 95% 区间上限 | Upper end of the randomisation interval';
comment on column practice_effect.few_clusters is '有效区域不足 10 个，应读置换区间 | Fewer than 10 effective areas: read the randomisation interval';
comment on column practice_effect.pretrend_p is '推行前平行趋势检验的 p 值 | p-value of parallel trends before the start';
comment on column practice_effect.verdict is '结论：works、harms、moved、no_effect_seen、trends_differed、no_treated、no_controls、no_data | Conclusion';

-- one row is: one point of a practice's effect: by distance from the start (event), by starting month (group), or both (group_time)
create table practice_point (
  practice varchar,
  indicator varchar,
  geo_level varchar,
  kind varchar,
  group_month varchar,
  month varchar,
  position integer,
  months integer,
  effect double,
  std_error double,
  low double,
  high double,
  band_low double,
  band_high double,
  treated_value double,
  control_value double,
  areas integer,
  cases double
);
comment on table practice_point is '做法评估明细：事件研究、批次、批次×月份 | Event study, groups and group–time effects of practices';
comment on column practice_point.month is '首月 | First of the months that the point holds';
comment on column practice_point.position is '距推行的月数，负为推行前 | Months since the start, negative before';
comment on column practice_point.months is '该点包含的月数 | Months that the point holds';
comment on column practice_point.band_low is '全部点同时成立的 95% 带下限 | Lower end of the 95 % band for all points at once';
comment on column practice_point.band_high is '全部点同时成立的 95% 带上限 | Upper end of the band';
comment on column practice_point.treated_value is '推行区域的指标值 | Value of the treated areas';
comment on column practice_point.control_value is '同所属区域对照的指标值 | Value of the controls in the same parents';
