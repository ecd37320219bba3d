-- zh: 各街道响应时长中位数（工作小时）
-- en: Median working hours to the first response, by subdistrict
select
  a.name,
  count(*) as cases,
  round(median(s.response_minutes) / 60, 1) as median_hours
from case_step as s
join area as a on a.geo_level = 'subdistrict'
  and a.geo_code = s.subdistrict_code
where s.is_valid
group by
  a.name
order by
  median_hours desc
