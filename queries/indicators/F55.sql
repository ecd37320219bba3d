-- code: F55
-- name zh: 社会组织件满意率
-- name en: Satisfied with social organisations
-- family: F
-- dimension: F5
-- direction: up
-- kind: share
-- unit: percent
-- time: surveyed_at
-- interval: wilson
-- feeds: satisfaction, cases
-- target: 0.9
-- rows: social_work, social_organisations
-- source zh: 赋能治理文献：社会工作（东莞横沥）
-- source en: literature on empowering governance: social work (Dongguan Hengli)
-- definition zh: 社会组织办理案件的作答群众中评价为满意及以上的比例
-- definition en: Share of those who answered about a case of a social organisation that were satisfied or very satisfied
-- numerator zh: 评分 4 或 5 的回访
-- numerator en: answers with a score of 4 or 5
-- denominator zh: 社会组织办理案件的有评分回访
-- denominator en: answers with a score about cases that social organisations handled
-- date zh: 回访时间
-- date en: asked at
-- exclusions zh: 未联系上、未作答的回访；网格普查
-- exclusions en: people not reached or not answering; surveys of the grid
-- caveat zh: 件数少，看季、年；与全体（F51）同看
-- caveat en: few cases: look at quarters and years; read it with all (F51)
select
  count_if(responded and score >= 4 and handler_kind = 'social_organisation') as numerator,
  count_if(responded and score is not null and handler_kind = 'social_organisation') as denominator
from survey_fact
