-- one row is: one case reported in the month from month_from to month_to (variables), in its true latest state
create or replace temp table case_month as
with drawn as (
  select
    d.date,
    d.minutes_before,
    d.is_workday,
    d.first_id + k.k as id,
    k.k,
    k.k < d.flood_cases as flooded,
    identity('case', d.first_id + k.k) as h
  from report_day d, unnest(range(d.cases)) as k(k)
  where d.date between getvariable('month_from') and getvariable('month_to')
),
located as (
  select
    *,
    case
      when flooded then list_extract(getvariable('flood_lots'), 1 + floor(random_of(h, 'cell') * len(getvariable('flood_lots')))::integer)
      else list_extract(getvariable('cell_lots'), 1 + floor(random_of(h, 'cell') * 16384)::integer)
    end as cell,
    floor(random_of(h, 'category') * 4096)::integer as lot
  from drawn
),
described as (
  select
    l.id,
    l.h,
    l.k,
    l.date,
    l.minutes_before,
    l.is_workday,
    l.flooded,
    c.* exclude (category, weight, swing, peak),
    p.cell,
    p.subdistrict,
    if(l.date >= p.split_on and random_of(l.h, 'half') >= p.split_share, p.grid_code_2, p.grid_code) as grid_code,
    coalesce(l.date >= p.fengqiao_from, false) as fengqiao,
    coalesce(l.date >= p.standard_from, false) as standardised,
    p.pace + p.cell_pace as pace,
    p.local,
    if(p.slips, ramp(l.date, m.slip_from, 0.2 * m.days), 0) as slip,
    ramp(l.date, m.first_day, m.days) as elapsed,
    random_of(l.h, 'source') as u_source
  from located l
  join category_lot v on v.month = month(l.date) and v.lot = l.lot
  join category c on c.category = if(l.flooded and random_of(l.h, 'flood kind') < 0.75, 12, v.category)
  join place p on p.cell = l.cell
  cross join moment m
),
raised as (
  select
    *,
    case
      when u_source < patrol then 'patrol'
      when u_source < patrol + sensor then 'sensor'
      when u_source < patrol + sensor + 0.030 then 'superior'
      when u_source < patrol + sensor + 0.050 then 'department'
      when u_source < patrol + sensor + 0.056 then 'media'
      else 'resident'
    end as source,
    random_of(h, 'channel') as u_channel,
    case
      when case_kind = 'dispute' then
        case
          when random_of(h, 'handler') < 0.20 + if(fengqiao, 0.22, 0) then 'mediator'
          when random_of(h, 'handler') < 0.58 + if(fengqiao, 0.16, 0) then 'community'
          when random_of(h, 'handler') < 0.70 + if(fengqiao, 0.10, 0) then 'grid_worker'
          when random_of(h, 'handler') < 0.77 + if(fengqiao, 0.08, 0) then 'social_organisation'
          when random_of(h, 'handler') < 0.92 then 'department'
          else 'joint'
        end
      when random_of(h, 'handler') < 0.60 - 0.62 * hard then 'grid_worker'
      when random_of(h, 'handler') < 0.82 - 0.60 * hard then 'community'
      when random_of(h, 'handler') < 0.87 - 0.58 * hard + 0.02 * elapsed then 'social_organisation'
      when random_of(h, 'handler') < 0.95 then 'department'
      else 'joint'
    end as handler,
    random_of(h, 'status') as u_status,
    random_of(h, 'level') - local - if(fengqiao, 0.12, 0) as u_level
  from described
),
handled as (
  select
    *,
    case
      when source = 'patrol' then 'patrol'
      when source = 'sensor' then 'sensor'
      when source = 'superior' then 'superior'
      when source = 'media' then 'media'
      when source = 'department' then 'other'
      when u_channel < 0.36 - 0.08 * elapsed then 'hotline'
      when u_channel < 0.60 + 0.05 * elapsed then 'mini_program'
      when u_channel < 0.74 + 0.03 * elapsed then 'app'
      when u_channel < 0.79 + 0.01 * elapsed then 'web'
      when u_channel < 0.90 then 'visit'
      else 'phone'
    end as channel,
    case
      when u_status < 0.012 then 'rejected'
      when u_status < 0.022 then 'withdrawn'
      when u_status < 0.038 then 'duplicate'
      when u_status < 0.048 then 'out_of_scope'
      when u_status < 0.053 then 'on_hold'
      else 'valid'
    end as fate,
    case
      when handler = 'grid_worker' and u_level < 0.94 then 'grid'
      when handler = 'mediator' and u_level < 0.45 then 'grid'
      when handler in ('mediator', 'social_organisation', 'community') and u_level < 0.12 + 0.10 * (1 - hard) then 'grid'
      when handler in ('grid_worker', 'mediator', 'social_organisation', 'community') and u_level < 0.93 then 'community'
      when u_level < 0.95 - 0.55 * hard then 'subdistrict'
      when u_level < 0.985 then 'district'
      else 'city'
    end as level,
    case
      when random_of(h, 'return') < 0.930 - 0.06 * hard then 0
      when random_of(h, 'return') < 0.985 then 1
      when random_of(h, 'return') < 0.997 then 2
      else 3
    end as returns,
    random_of(h, 'spot') < 0.75 and handler = 'grid_worker' and source = 'patrol' and hard < 0.25 as on_the_spot
  from raised
),
clocked as (
  select
    *,
    case
      when source = 'patrol' then (480 + 600 * (random_of(h, 'minute') + random_of(h, 'minute 2')) / 2)::integer
      when random_of(h, 'night') < 0.10 then (1440 * random_of(h, 'minute'))::integer % 1440
      else (420 + 870 * (random_of(h, 'minute') + random_of(h, 'minute 2') + random_of(h, 'minute 3')) / 3)::integer
    end as minute,
    if(priority_draw < 0.04 or (flooded and priority_draw < 0.5), 'urgent', if(priority_draw < 0.90, 'normal', 'low')) as priority,
    420 * limit_days as limit_minutes
  from (select *, random_of(h, 'priority') as priority_draw from handled)
),
paced as (
  select
    *,
    date::timestamp + to_minutes(minute) + to_seconds((60 * random_of(h, 'second'))::integer % 60) as reported_at,
    -- the next working minute, then working minutes spent at each step
    minutes_before
      + if(is_workday, least(greatest(minute + 1 - 540, 0), 180) + least(greatest(minute + 1 - 810, 0), 240), 0) as k_reported,
    -- most cases are registered and sent on within the two hours allowed
    -38 * ln(1 - random_of(h, 'accept')) * (1 + 0.5 * slip) as accept_minutes,
    -44 * ln(1 - random_of(h, 'dispatch')) * (1 + 0.5 * slip) as dispatch_minutes,
    exp(4.75 + 0.8 * normal_of(h, 'respond') + 0.5 * slip) as respond_minutes,
    -- the time to close as a part of the limit; its logarithm is normal
    limit_minutes * exp(
      -0.92 + 0.62 * normal_of(h, 'close') + pace + 0.95 * slip + 0.32 * returns
      + if(flooded, 0.55, 0)
      + if(random_of(h, 'stuck') < 0.012, 2.2, 0)
      - 0.10 * elapsed
    ) as close_minutes
  from clocked
),
stepped as (
  select
    *,
    if(on_the_spot, reported_at + to_minutes(3 + (accept_minutes / 8)::integer),
      work_time(k_reported + ceil(accept_minutes))) as accepted_at,
    if(on_the_spot, reported_at + to_minutes(6 + ((accept_minutes + dispatch_minutes) / 8)::integer),
      work_time(k_reported + ceil(accept_minutes) + ceil(dispatch_minutes))) as dispatched_at,
    if(on_the_spot, reported_at + to_minutes(8 + ((accept_minutes + dispatch_minutes) / 8)::integer + (respond_minutes / 12)::integer),
      work_time(k_reported + ceil(accept_minutes) + ceil(dispatch_minutes) + ceil(respond_minutes))) as first_response_at,
    work_time(k_reported + ceil(accept_minutes) + limit_minutes) as due_at,
    if(on_the_spot, reported_at + to_minutes(20 + ((accept_minutes + dispatch_minutes) / 8)::integer + (respond_minutes / 12)::integer + (close_minutes / 3)::integer),
      work_time(k_reported + ceil(accept_minutes) + greatest(ceil(dispatch_minutes) + ceil(respond_minutes) + 10, ceil(close_minutes)))) as closed_at
  from paced
),
known as (
  -- what lies after the end of the data has not happened yet
  select
    *,
    getvariable('last_day')::timestamp + interval '23:59:59' as as_of,
    fate = 'valid' and closed_at <= as_of as is_closed
  from stepped
)
select
  'JC' || strftime(date, '%Y%m%d') || lpad((k + 1)::varchar, 6, '0') as case_id,
  id,
  h,
  cell,
  subdistrict,
  case_kind,
  reported_at,
  channel,
  source,
  category_1,
  category_2,
  grid_code,
  -- one in eight residents who report is one of ten known to do so often in their grid; the numbers cannot exist
  if(source = 'resident', '000' || lpad((hash(xor(identity('reporter', if(random_of(h, 'regular') < 0.12,
    cell * 10 + floor(10 * random_of(h, 'which regular')), 100000 + id)::bigint), hash('phone'))) % 100000000)::varchar, 8, '0'), null) as phone,
  if(flooded and priority = 'low', 'normal', priority) as priority,
  case
    when source in ('patrol', 'sensor') then 'grid'
    when source = 'superior' then 'district'
    when channel in ('media', 'hotline') and random_of(h, 'first level') < 0.10 then 'city'
    when channel in ('media', 'hotline') and random_of(h, 'first level') < 0.42 then 'district'
    when channel in ('media', 'hotline', 'other') then 'subdistrict'
    when random_of(h, 'first level') < 0.30 then 'grid'
    when random_of(h, 'first level') < 0.82 then 'community'
    else 'subdistrict'
  end as reported_level,
  if(fate in ('valid', 'on_hold'), handler, null) as handler_kind,
  if(is_closed or fate = 'on_hold', level, null) as handling_level,
  if(handler in ('department', 'joint') or level in ('subdistrict', 'district', 'city'), department, null) as department,
  if(handler = 'joint', 2 + (random_of(h, 'departments') < 0.25)::integer, if(random_of(h, 'departments') < 0.05, 2, 1)) as department_count,
  1 + (random_of(h, 'systems') < 0.30 + 0.25 * elapsed)::integer + (random_of(h, 'systems') < 0.06)::integer as system_count,
  if(fate <> 'rejected' and accepted_at <= as_of, accepted_at, null) as accepted_at,
  if(fate in ('valid', 'on_hold') and dispatched_at <= as_of, dispatched_at, null) as dispatched_at,
  if(fate in ('valid', 'on_hold') and first_response_at <= as_of, first_response_at, null) as first_response_at,
  if(fate in ('valid', 'on_hold') and accepted_at <= as_of, due_at, null) as due_at,
  if(is_closed, closed_at, null) as closed_at,
  case
    when fate <> 'valid' then fate
    when is_closed then 'closed'
    when first_response_at <= as_of then 'handling'
    when dispatched_at <= as_of then 'dispatched'
    when accepted_at <= as_of then 'accepted'
    else 'reported'
  end as status,
  case
    when not is_closed then null
    when case_kind = 'dispute' then
      case
        when random_of(h, 'outcome') < 0.60 + if(fengqiao, 0.14, 0) + if(handler = 'mediator', 0.08, 0) then 'agreement'
        when random_of(h, 'outcome') < 0.66 + if(fengqiao, 0.14, 0) + if(handler = 'mediator', 0.08, 0) then 'judicially_confirmed'
        when random_of(h, 'outcome') < 0.95 then 'mediation_failed'
        else 'referred'
      end
    when random_of(h, 'outcome') < 0.86 then 'resolved'
    when random_of(h, 'outcome') < 0.95 then 'explained'
    when random_of(h, 'outcome') < 0.975 then 'referred'
    else 'unresolved'
  end as outcome,
  if(fate in ('valid', 'on_hold') and dispatched_at <= as_of,
    returns + case level when 'grid' then 0 when 'community' then (random_of(h, 'pass on') < 0.35)::integer
      when 'subdistrict' then 1 when 'district' then 2 else 3 end + (handler = 'joint')::integer, 0) as handoffs,
  if(fate in ('valid', 'on_hold') and dispatched_at <= as_of, returns, 0) as returns,
  case
    when returns = 0 or fate not in ('valid', 'on_hold') or dispatched_at > as_of then null
    when random_of(h, 'why returned') < 0.34 then 'no_authority'
    when random_of(h, 'why returned') < 0.70 then 'wrong_dispatch'
    when random_of(h, 'why returned') < 0.88 then 'insufficient_information'
    when random_of(h, 'why returned') < 0.97 then 'failed_check'
    else 'other'
  end as return_reason,
  if(is_closed, case when random_of(h, 'reopen') < 0.003 then 2 when random_of(h, 'reopen') < 0.032 then 1 else 0 end, 0) as reopened,
  if(is_closed and source = 'resident' and random_of(h, 'visits known') < 0.7,
    case when random_of(h, 'visits') < 0.55 then 0 when random_of(h, 'visits') < 0.84 + 0.06 * elapsed then 1 when random_of(h, 'visits') < 0.97 then 2 else 3 end, null) as visits_needed,
  standardised,
  if(is_closed and closed_at > due_at, 1, 0) as is_late,
  as_of
from known;
