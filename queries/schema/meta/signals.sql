-- one row is: one signal: an unbroken run of points of one control chart that noise hardly makes, all on one side of its centre
create table signal (
  signal_id varchar,
  indicator varchar,
  geo_level varchar,
  geo_code varchar,
  grain varchar,
  chart varchar,
  first_period date,
  last_period date,
  signalled_on date,
  ongoing boolean,
  points integer,
  rules varchar,
  side varchar,
  meaning varchar,
  value double,
  n double,
  centre double,
  low double,
  high double,
  z double,
  peak double,
  peak_z double
);
comment on table signal is '预警信号 | Signals';
comment on column signal.signal_id is '信号编号，各次运行不变 | Number of the signal, the same in every run';
comment on column signal.indicator is '指标代码；cases 为案件量 | Code of the indicator; cases: cases reported';
comment on column signal.grain is '粒度：day 日、week 周、month 月 | One point is a day, a week or a month';
comment on column signal.chart is '控制图：xmr、p_prime、u_prime | Kind of control chart';
comment on column signal.first_period is '首个异常点的起始日 | First day of the first point';
comment on column signal.last_period is '末个异常点的起始日 | First day of the last point';
comment on column signal.signalled_on is '最早可发出信号的日期（首点结束次日） | Day after the first point ended: when it could first be known';
comment on column signal.ongoing is '最新一点仍异常 | The latest point is still flagged';
comment on column signal.rules is '首点触发的判异准则，逗号分隔 | Rules that the first point completed';
comment on column signal.side is 'high 偏高、low 偏低 | Above or below the centre';
comment on column signal.meaning is 'better 变好、worse 变差、neutral 无好坏 | What it means by the indicator''s direction';
comment on column signal.value is '首点的值（指标单位） | Value of the first point, in the indicator''s unit';
comment on column signal.z is '首点偏离中心线的标准差数 | Distance of the first point from the centre, in standard deviations';
comment on column signal.peak is '偏离最远一点的值 | Value of the point farthest off';

-- one row is: the control charts of one indicator at one geo level and grain, and what noise alone would flag in them
create table signal_watch (
  indicator varchar,
  geo_level varchar,
  grain varchar,
  rules varchar,
  charts integer,
  too_small integer,
  points integer,
  flagged integer,
  expected_false double
);
comment on table signal_watch is '预警图的数量与预期误报 | Control charts looked at, and expected false alarms';
comment on column signal_watch.too_small is '样本太少而未作图的区域 | Areas with too few cases for a chart';
comment on column signal_watch.points is '近一年判断的点数 | Points judged in the last year';
comment on column signal_watch.flagged is '近一年异常的点数 | Points flagged in the last year';
comment on column signal_watch.expected_false is '近一年纯随机预期误报的点数 | Points that noise alone would flag in the last year';
