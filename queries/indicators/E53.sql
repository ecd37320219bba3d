-- code: E53
-- name zh: 数据完整率
-- name en: Completeness of data
-- family: E
-- dimension: E5
-- direction: up
-- kind: share
-- unit: percent
-- time: happened_at
-- interval: none
-- feeds: cases
-- target: 0.98
-- rows: open_sharing
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 案件、回访、活动各行应填字段中已填的比例
-- definition en: Share of the fields that should be filled which are, over rows of cases, surveys and activities
-- numerator zh: 已填的应填字段
-- numerator en: fields filled
-- denominator zh: 应填字段
-- denominator en: fields that should be filled
-- date zh: 行所记事项发生的时间
-- date en: when what the row records happened
-- exclusions zh: 无
-- exclusions en: none
-- caveat zh: 应填字段随状态而定：办结案件还应有办理主体、办结层级与办理结果；全数统计，故无区间
-- caveat en: what should be filled depends on the state: closed cases need handler, level and outcome as well; a full count, hence no interval
select
  sum(fields_filled) as numerator,
  sum(fields_required) as denominator
from record_fact
