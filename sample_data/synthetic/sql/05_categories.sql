-- one row is: one sub-category of cases
-- weight: share of all cases, in thousandths; limit_days: working days to close; hard: 0 (a grid worker does it on
-- the spot) to 1 (needs the district); patrol: share found by patrol; sensor: share found by sensors;
-- swing and peak: how strongly the month matters and which month is the busiest
create table category as
select
  row_number() over () - 1 as category,
  *
from (
  values
    ('市容环境', '暴露垃圾', 'event', 72, '城市管理局', 1, 0.05, 0.62, 0.02, 0.25, 7),
    ('市容环境', '占道经营', 'event', 58, '城市管理局', 1, 0.15, 0.55, 0.03, 0.30, 6),
    ('市容环境', '非法小广告', 'event', 40, '城市管理局', 1, 0.02, 0.80, 0.00, 0.05, 4),
    ('市容环境', '乱堆物料', 'event', 46, '城市管理局', 2, 0.10, 0.66, 0.00, 0.10, 5),
    ('市容环境', '油烟扰民', 'request', 22, '生态环境局', 7, 0.45, 0.05, 0.02, 0.30, 7),
    ('市容环境', '噪声扰民', 'request', 38, '生态环境局', 5, 0.40, 0.03, 0.03, 0.35, 7),
    ('城市管理', '道路破损', 'event', 30, '住房和建设局', 5, 0.50, 0.45, 0.01, 0.15, 3),
    ('城市管理', '井盖缺失', 'event', 12, '住房和建设局', 1, 0.35, 0.50, 0.12, 0.10, 8),
    ('城市管理', '路灯不亮', 'event', 18, '住房和建设局', 3, 0.40, 0.40, 0.10, 0.25, 12),
    ('城市管理', '绿化养护', 'event', 20, '城市管理局', 5, 0.30, 0.50, 0.00, 0.40, 5),
    ('城市管理', '违法建设', 'event', 26, '城市管理局', 15, 0.70, 0.45, 0.01, 0.15, 4),
    ('城市管理', '共享单车乱停放', 'event', 44, '城市管理局', 1, 0.08, 0.55, 0.00, 0.25, 5),
    ('城市管理', '内涝积水', 'event', 10, '住房和建设局', 1, 0.45, 0.35, 0.15, 0.85, 7),
    ('社会治安', '车辆乱停放', 'event', 52, '公安分局', 1, 0.20, 0.40, 0.05, 0.05, 10),
    ('社会治安', '电动车违规充电', 'event', 30, '消防救援大队', 1, 0.10, 0.72, 0.06, 0.15, 8),
    ('社会治安', '养犬管理', 'request', 16, '公安分局', 3, 0.30, 0.15, 0.00, 0.15, 5),
    ('社会治安', '治安隐患', 'event', 14, '公安分局', 3, 0.50, 0.55, 0.02, 0.05, 1),
    ('安全生产', '消防通道堵塞', 'event', 34, '消防救援大队', 1, 0.20, 0.68, 0.02, 0.10, 12),
    ('安全生产', '燃气安全隐患', 'event', 12, '住房和建设局', 1, 0.50, 0.55, 0.15, 0.30, 12),
    ('安全生产', '九小场所隐患', 'event', 24, '应急管理局', 5, 0.40, 0.82, 0.00, 0.10, 11),
    ('安全生产', '施工安全', 'event', 10, '住房和建设局', 5, 0.65, 0.40, 0.03, 0.10, 9),
    ('民生服务', '供水供电', 'request', 24, '住房和建设局', 2, 0.45, 0.02, 0.02, 0.35, 7),
    ('民生服务', '供暖燃气', 'request', 16, '住房和建设局', 2, 0.45, 0.02, 0.02, 0.85, 1),
    ('民生服务', '物业服务', 'request', 56, '住房和建设局', 7, 0.35, 0.03, 0.00, 0.10, 6),
    ('民生服务', '老旧小区改造', 'request', 22, '住房和建设局', 15, 0.60, 0.02, 0.00, 0.20, 5),
    ('民生服务', '医疗卫生', 'request', 14, '卫生健康局', 5, 0.45, 0.02, 0.00, 0.25, 1),
    ('民生服务', '教育入学', 'request', 18, '教育局', 7, 0.60, 0.01, 0.00, 0.80, 8),
    ('民生服务', '社会保障', 'request', 26, '人力资源和社会保障局', 5, 0.40, 0.03, 0.00, 0.10, 1),
    ('民生服务', '养老助残', 'request', 24, '民政局', 5, 0.20, 0.25, 0.00, 0.10, 10),
    ('民生服务', '公共交通', 'request', 14, '交通运输局', 7, 0.60, 0.02, 0.00, 0.10, 9),
    ('矛盾纠纷', '邻里纠纷', 'dispute', 36, '司法局', 7, 0.10, 0.25, 0.00, 0.15, 7),
    ('矛盾纠纷', '婚姻家庭纠纷', 'dispute', 16, '司法局', 10, 0.20, 0.15, 0.00, 0.20, 2),
    ('矛盾纠纷', '物业纠纷', 'dispute', 22, '司法局', 10, 0.35, 0.10, 0.00, 0.10, 6),
    ('矛盾纠纷', '劳资纠纷', 'dispute', 12, '人力资源和社会保障局', 10, 0.60, 0.08, 0.00, 0.60, 1),
    ('矛盾纠纷', '消费纠纷', 'dispute', 14, '市场监督管理局', 7, 0.45, 0.04, 0.00, 0.15, 11),
    ('矛盾纠纷', '征地拆迁纠纷', 'dispute', 6, '住房和建设局', 15, 0.80, 0.10, 0.00, 0.10, 4),
    ('市场监管', '食品安全', 'request', 20, '市场监督管理局', 7, 0.50, 0.12, 0.00, 0.25, 8),
    ('市场监管', '价格投诉', 'request', 12, '市场监督管理局', 5, 0.50, 0.02, 0.00, 0.15, 2)
) as t (category_1, category_2, case_kind, weight, department, limit_days, hard, patrol, sensor, swing, peak);

-- one row is: one of 4,096 lots of a month, each of which stands for a sub-category
create table category_lot as
with weighed as (
  select
    month,
    category,
    weight * (1 + swing * cos(2 * pi() * (month - peak) / 12.0)) as w
  from category, (select unnest(range(1, 13)) as month)
),
span as (
  select
    month,
    category,
    (4096 * (sum(w) over so_far - w) / sum(w) over whole)::integer as first_lot,
    (4096 * sum(w) over so_far / sum(w) over whole)::integer as end_lot
  from weighed
  window
    whole as (partition by month),
    so_far as (partition by month order by category)
)
select
  month,
  unnest(range(first_lot, end_lot)) as lot,
  category
from span
order by month, lot;
