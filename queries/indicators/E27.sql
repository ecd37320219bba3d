-- code: E27
-- name zh: 持证率
-- name en: Certified share
-- family: E
-- dimension: E2
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- numerator over months: mean
-- denominator over months: mean
-- interval: none
-- feeds: staff, cases
-- target: 0.8
-- rows: capable_carriers
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 在岗人员中持有岗位证书的比例
-- definition en: Share of the staff in post who hold a certificate
-- numerator zh: 持证的在岗人员
-- numerator en: staff in post with a certificate
-- denominator zh: 持证情况已知的在岗人员
-- denominator en: staff in post whose certificate is known
-- date zh: 每月末
-- date en: end of each month
-- exclusions zh: 持证情况缺失的人员
-- exclusions en: staff of whom it is not known
-- caveat zh: 全数统计，故无区间；季、年为各月平均
-- caveat en: a full count, hence no interval; quarters and years average their months
select
  count_if(certified) as numerator,
  count(certified) as denominator
from staff_month
