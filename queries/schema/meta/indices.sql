-- one row is: one composite index or office score, with the configuration it was computed by
create table index_meta (
  index_code varchar,
  seq integer,
  kind varchar,
  name_zh varchar,
  name_en varchar,
  about_zh varchar,
  about_en varchar,
  configuration varchar
);
comment on table index_meta is '指数与评价得分 | Composite indices and scores';
comment on column index_meta.index_code is '指数代码 | Code of the index';
comment on column index_meta.kind is 'index 指数；score 评价得分 | Index, or an office''s score';
comment on column index_meta.configuration is '配置（YAML） | The configuration file';

-- one row is: one node of an index's tree: the index, a dimension or an indicator
create table index_node (
  index_code varchar,
  node varchar,
  parent varchar,
  seq integer,
  height integer,
  name_zh varchar,
  name_en varchar,
  indicator varchar,
  direction varchar,
  weight double,
  weight_in_whole double
);
comment on table index_node is '指数结构 | Trees of the indices';
comment on column index_node.height is '0 指标；1 维度；最大为指数 | 0 an indicator';
comment on column index_node.weight is '同级权重（和为 1） | Weight among its siblings';
comment on column index_node.weight_in_whole is '总权重 | Weight in the whole';

-- one row is: one index of one area in one period, with its rank among the areas of its level
create table index_value (
  index_code varchar,
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  score double,
  score_low double,
  score_high double,
  rank integer,
  ranked integer,
  rank_low integer,
  rank_median integer,
  rank_high integer,
  grade varchar,
  previous double,
  previous_rank integer,
  coverage double,
  flag varchar
);
comment on table index_value is '指数得分、位次及其区间 | Scores and ranks of the indices, with intervals';
comment on column index_value.score is '得分（按配置的尺度） | Score, on the configuration''s scale';
comment on column index_value.score_low is '得分区间下限：含 90% 的模拟 | Lower end of the interval that holds 90 % of the simulations';
comment on column index_value.score_high is '得分区间上限 | Upper end';
comment on column index_value.rank is '位次，1 最好；并列同位 | Rank, 1 is best, ties share it';
comment on column index_value.ranked is '参与排名的区域数 | Areas that have a rank';
comment on column index_value.rank_low is '位次区间（较好一端）：含 90% 的模拟 | Better end of the rank interval that holds 90 % of the simulations';
comment on column index_value.rank_median is '模拟位次的中位数 | Median of the simulated ranks';
comment on column index_value.rank_high is '位次区间（较差一端） | Worse end of the rank interval';
comment on column index_value.grade is '等级 | Grade';
comment on column index_value.previous is '上一时段得分 | Score of the period before';
comment on column index_value.coverage is '有数据的指标占总权重的比例 | Share of the whole weight whose indicators have data here';
comment on column index_value.flag is 'partial 时段未完 | Flags';

-- one row is: one node of an index for one area and period, with the result of each step
create table index_step (
  index_code varchar using compression dictionary,
  geo_level varchar using compression dictionary,
  geo_code varchar using compression dictionary,
  period_kind varchar using compression dictionary,
  period varchar using compression dictionary,
  node varchar using compression dictionary,
  raw double,
  standard_error double,
  imputed double,
  treated double,
  normalised double,
  score double,
  share double,
  obstacle double,
  moved_by_value double,
  moved_by_weight double
);
comment on table index_step is '指数各步骤结果 | Every step''s result of the indices';
comment on column index_step.raw is '指标值（小区域为收缩估计） | Value of the indicator, drawn towards the mean in small areas';
comment on column index_step.standard_error is '抽样标准误 | Its sampling error';
comment on column index_step.imputed is '插补后 | After gaps were filled';
comment on column index_step.treated is '离群值处理后 | After outliers were drawn in';
comment on column index_step.normalised is '标准化后 | On the common scale';
comment on column index_step.score is '节点得分 | Score of the node';
comment on column index_step.share is '同级权重（缺失者的权重分给其余） | Weight among the siblings that have a value';
comment on column index_step.obstacle is '障碍度（占全部指标之和） | Obstacle degree, as a share of all';
comment on column index_step.moved_by_value is '对指数较上期变化的贡献：因得分变化 | Part in the index''s change since the period before: its score moved';
comment on column index_step.moved_by_weight is '对指数较上期变化的贡献：因指标有无变化 | Same: it, or a sibling, came or went';

-- one row is: one number that tells how an index's indicators hang together, for one level and period
create table index_audit (
  index_code varchar,
  geo_level varchar,
  period_kind varchar,
  period varchar,
  measure varchar,
  node varchar,
  other varchar,
  seq integer,
  value double
);
comment on table index_audit is '指数结构检验 | Audit of the indices';
comment on column index_audit.measure is 'correlation_within、correlation_between 相关；alpha 克朗巴赫系数；pca_share 主成分解释比例；weight 名义权重；effective 有效权重；correlation_index 与指数的相关 | What the value is';

-- one row is: how much one choice matters for the ranks of one level and period (Sobol's indices of the mean rank shift)
create table index_sensitivity (
  index_code varchar,
  geo_level varchar,
  period_kind varchar,
  period varchar,
  factor varchar,
  first_order double,
  total_order double
);
comment on table index_sensitivity is '方法选择的敏感性 | Which choices matter';

-- one row is: the coupling coordination degree of the two headline indices for one area and period
create table index_coupling (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  coupling double,
  common_level double,
  coordination double,
  grade integer
);
comment on table index_coupling is '赋能与效能的耦合协调度 | Coupling coordination of empowerment and efficiency';
comment on column index_coupling.grade is '等级，1 极度失调至 10 优质协调 | 1 extreme disorder to 10 excellent coordination';

-- one row is: what one index's results of one level and period were computed from; a run that meets the same again keeps them
create table index_input (
  index_code varchar,
  geo_level varchar,
  period_kind varchar,
  period varchar,
  fingerprint varchar,
  areas integer,
  coverage double,
  draws integer
);
comment on table index_input is '指数输入指纹 | Fingerprints of the indices'' inputs';

-- one row is: the efficiency of one area among those of its level in one period, by data envelopment analysis
create table dea_value (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  ccr double,
  bcc double,
  scale double,
  returns varchar,
  super double,
  super_note varchar,
  corrected double,
  low double,
  high double,
  areas integer
);
comment on table dea_value is '投入产出效率（DEA，产出导向） | Efficiency by data envelopment analysis, output-oriented';
comment on column dea_value.ccr is '综合技术效率 | Technical efficiency under constant returns to scale';
comment on column dea_value.bcc is '纯技术效率 | Under variable returns';
comment on column dea_value.scale is '规模效率 | Scale efficiency';
comment on column dea_value.returns is '规模报酬：increasing、constant、decreasing | Returns to scale';
comment on column dea_value.super is '超效率（规模报酬不变） | Super-efficiency under constant returns';
comment on column dea_value.super_note is 'infeasible 超效率不可行 | Why there is no super-efficiency';
comment on column dea_value.corrected is '偏差修正的综合效率（Simar–Wilson 自助法） | Bias-corrected efficiency by the bootstrap';
comment on column dea_value.low is '95% 区间下限 | Lower end of the 95 % interval';
comment on column dea_value.high is '95% 区间上限 | Upper end';

-- one row is: one input or output of one area in one period, with what the frontier would ask of it
create table dea_part (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  part varchar,
  is_input boolean,
  amount double,
  slack double,
  target double
);
comment on table dea_part is 'DEA 投入、产出、松弛与目标 | Inputs and outputs with slacks and targets';

-- one row is: one efficient area that another is measured against, with its share
create table dea_peer (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  peer varchar,
  weight double
);
comment on table dea_peer is 'DEA 标杆 | Peers';

-- one row is: the change of one area's productivity since the period before
create table dea_change (
  geo_level varchar,
  geo_code varchar,
  period_kind varchar,
  period varchar,
  previous varchar,
  malmquist double,
  catching_up double,
  frontier_shift double,
  pure double,
  scale double
);
comment on table dea_change is '全要素生产率变动（Malmquist） | Change of productivity';
comment on column dea_change.catching_up is '技术效率变动（追赶） | Catching up';
comment on column dea_change.frontier_shift is '技术进步（前沿移动） | Frontier shift';
comment on column dea_change.pure is '纯技术效率变动 | Change of pure efficiency';
comment on column dea_change.scale is '规模效率变动 | Change of scale efficiency';
