-- zh: 满 90 日的调解协议中重办次数的分布
-- en: How often cases were re-opened whose agreement is at least 90 days old
select
  reopened,
  count(*) as agreements
from agreement_fact
group by
  reopened
order by
  reopened
