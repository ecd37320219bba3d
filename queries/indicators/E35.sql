-- code: E35
-- name zh: 贤人办理时长
-- name en: Median time to close of local mediators
-- family: E
-- dimension: E3
-- direction: down
-- kind: survival
-- unit: days
-- scale: 0.041666666666666664
-- quantile: 0.5
-- time: reported_at
-- interval: kaplan_meier
-- feeds: cases
-- target: 7
-- rows: local_mediators
-- source zh: 赋能治理文献：属地贤人（上海）；生存分析（Kaplan 与 Meier，1958）
-- source en: literature on empowering governance: trusted local people (Shanghai); survival analysis (Kaplan and Meier, 1958)
-- definition zh: 属地贤人办理的矛盾纠纷从上报到办结的中位天数
-- definition en: Median days from report to closure of disputes that local mediators handle
-- numerator zh: 从上报到办结（未结的到数据截止时刻）的时长
-- numerator en: time from report to closure (open: to the end of the data)
-- denominator zh: 本期上报、由属地贤人办理的矛盾纠纷
-- denominator en: disputes reported in the period and handled by local mediators
-- date zh: 上报时间
-- date en: reported at
-- exclusions zh: 未予立案件、重复件、撤诉、超范围案件
-- exclusions en: cases refused registration, duplicates, withdrawn and out-of-scope cases
-- caveat zh: 尚未确定办理主体的案件不在其中，故最近一期偏短；宜与全体（F14）同看；分组同 F14；最多跟踪一年，更久的按未结计
-- caveat en: disputes without a handler yet are not in it, so the latest period is short; read it with all (F14); steps as in F14; a case is followed for a year at most, and counts as open beyond
select
  case when is_valid and case_kind = 'dispute' and handler_kind = 'mediator' then greatest(elapsed_hours, 0) end as duration,
  is_closed as ended
from case_fact
