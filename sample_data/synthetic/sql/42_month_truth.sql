-- what was written for the month, and the sums behind the planted effects
insert into written
select getvariable('month_from'), row_kind, count(*) from case_export group by row_kind
union all
select getvariable('month_from'), 'survey', count(*) from survey_month;

insert into planted
select
  getvariable('month_from'), 'fengqiao', if(date_diff('day', p.fengqiao_from, c.reported_at::date) >= 0, 'after', if(p.fengqiao_from is null, 'elsewhere', 'before')),
  count(*) filter (where outcome in ('agreement', 'judicially_confirmed')), count(*) filter (where outcome in ('agreement', 'judicially_confirmed', 'mediation_failed'))
from case_month c
join place p using (cell)
where c.case_kind = 'dispute' and c.closed_at is not null
group by all
union all
select
  getvariable('month_from'), 'fengqiao in the grid', if(date_diff('day', p.fengqiao_from, c.reported_at::date) >= 0, 'after', if(p.fengqiao_from is null, 'elsewhere', 'before')),
  count(*) filter (where handling_level = 'grid'), count(*)
from case_month c
join place p using (cell)
where c.closed_at is not null
group by all
union all
select
  getvariable('month_from'), 'standardisation', if(p.standard_from is null, 'elsewhere', if(c.reported_at::date >= p.standard_from, 'after', 'before')),
  count(*) filter (where closed_at <= due_at), count(*) filter (where due_at <= as_of)
from case_month c
join place p using (cell)
where not p.slips and c.status not in ('rejected', 'withdrawn', 'duplicate', 'out_of_scope', 'on_hold')
group by all
union all
select
  getvariable('month_from'), 'slip', if(not p.slips, 'elsewhere', if(c.reported_at::date >= m.slip_from, 'after', 'before')),
  count(*) filter (where closed_at <= due_at), count(*) filter (where due_at <= as_of)
from case_month c
join place p using (cell)
cross join moment m
where c.status not in ('rejected', 'withdrawn', 'duplicate', 'out_of_scope', 'on_hold')
group by all
union all
select
  getvariable('month_from'), 'flood', if(c.reported_at::date between m.flood_from and m.flood_from + 6, 'flood week', 'other weeks'),
  count(*) filter (where c.subdistrict in (5, 6, 11)), count(*)
from case_month c
cross join moment m
group by all
union all
select
  getvariable('month_from'), 'gaming reach', if(c.cell = g.cell and c.reported_at >= m.game_from, 'grid', 'elsewhere'),
  count(*) filter (where s.responded), count(*)
from survey_month s
join case_month c using (case_id)
cross join gaming g
cross join moment m
group by all
union all
select
  getvariable('month_from'), 'gaming satisfied', if(c.cell = g.cell and c.reported_at >= m.game_from, 'grid', 'elsewhere'),
  count(*) filter (where s.score >= 4), count(*)
from survey_month s
join case_month c using (case_id)
cross join gaming g
cross join moment m
where s.responded
group by all;
