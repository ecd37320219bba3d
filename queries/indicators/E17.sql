-- code: E17
-- name zh: 主体多样性
-- name en: Diversity of actors
-- family: E
-- dimension: E1
-- direction: up
-- kind: evenness
-- unit: index
-- time: closed_at
-- interval: none
-- least n: 30
-- feeds: cases
-- target: 0.75
-- rows: joint_force
-- source zh: 赋能治理文献；均匀度用 Shannon 指数（Pielou，1966）
-- source en: literature on empowering governance; evenness after Shannon (Pielou, 1966)
-- definition zh: 办结案件在六类办理主体间分布的均匀度：0 为全由一类办理，1 为六类各占六分之一
-- definition en: Evenness of closed cases over the six kinds of handler: 0 where one kind handles all, 1 where each handles a sixth
-- numerator zh: 办结案件按主体分布的 Shannon 熵
-- numerator en: Shannon entropy of the closed cases over kinds of handler
-- denominator zh: ln 6（六类主体的最大熵）
-- denominator en: ln 6, the largest entropy of six kinds
-- date zh: 办结时间
-- date en: closed at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 除以全部六类而非已出现的类数，故只有两类主体的地区不会得满分；案件很少时偏低
-- caveat en: divided by all six kinds, not by those that occur, so that an area with two kinds cannot score full; low by chance where cases are few
select
  count_if(is_valid and is_closed and handler_kind = 'grid_worker') as grid_worker,
  count_if(is_valid and is_closed and handler_kind = 'community') as community,
  count_if(is_valid and is_closed and handler_kind = 'mediator') as mediator,
  count_if(is_valid and is_closed and handler_kind = 'social_organisation') as social_organisation,
  count_if(is_valid and is_closed and handler_kind = 'department') as department,
  count_if(is_valid and is_closed and handler_kind = 'joint') as joint
from case_fact
