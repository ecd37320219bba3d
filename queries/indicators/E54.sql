-- code: E54
-- name zh: 数据及时率
-- name en: Timeliness of data
-- family: E
-- dimension: E5
-- direction: up
-- kind: share
-- unit: percent
-- time: arrived_at
-- interval: none
-- feeds: cases
-- target: 0.95
-- rows: open_sharing
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 日常运行中装载的行在其最后更新后 24 小时内到达的比例
-- definition en: Share of the rows loaded in daily running that arrived within 24 hours of their last change
-- numerator zh: 最后更新后 24 小时内装载的行
-- numerator en: rows loaded within 24 hours of their last change
-- denominator zh: 首次建库之后装载、更新时间已知的行
-- denominator en: rows loaded after the first run whose time of change is known
-- date zh: 装载时间（当地时间）
-- date en: loaded at (local time)
-- exclusions zh: 首次建库装载的历史数据
-- exclusions en: the history that the first run loaded
-- caveat zh: 首次建库只有历史数据，故当晚尚无数值；没有更新时间的活动行以发生日计
-- caveat en: the first run loads history only, so it has no value that night; rows without a time of change are dated by their event
select
  count_if(arrived_at <= changed_at + interval 24 hour) as numerator,
  count(changed_at) as denominator
from arrival_fact
