-- code: E19
-- name zh: 骨干年轻化率
-- name en: Under 45 among social-organisation staff
-- family: E
-- dimension: E1
-- direction: up
-- kind: share
-- unit: percent
-- time: month
-- numerator over months: mean
-- denominator over months: mean
-- interval: none
-- feeds: staff, cases
-- target: 0.6
-- rows: social_organisations
-- source zh: 赋能治理文献
-- source en: literature on empowering governance
-- definition zh: 社会组织在岗人员中 45 岁以下的比例
-- definition en: Share of social-organisation staff in post who are under 45
-- numerator zh: 45 岁以下的社会组织人员
-- numerator en: social-organisation staff under 45
-- denominator zh: 年龄已知的社会组织人员
-- denominator en: social-organisation staff whose age is known
-- date zh: 每月末
-- date en: end of each month
-- exclusions zh: 出生年份缺失的人员
-- exclusions en: staff whose year of birth is missing
-- caveat zh: 年龄按年份差计；全数统计，故无区间；季、年为各月平均
-- caveat en: age is the difference of years; a full count, hence no interval; quarters and years average their months
select
  count_if(is_social_organisation and age < 45) as numerator,
  count_if(is_social_organisation and age is not null) as denominator
from staff_month
