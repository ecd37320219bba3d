-- Pseudo-randomness without state: a number depends on the seed, the row and
-- the purpose, never on the order of rows or the number of threads.

-- the 64-bit identity of row id of a kind (case, person, …)
create macro identity(kind, id) as hash(xor(hash(id::bigint), hash(kind || getvariable('seed')::varchar)));

-- uniform in [0, 1)
create macro random_of(h, purpose) as (hash(xor(h, hash(purpose))) >> 11)::double / 9007199254740992.0;

-- standard normal (Box and Muller 1958)
create macro normal_of(h, purpose) as
  sqrt(-2 * ln(1 - random_of(h, purpose))) * cos(2 * pi() * random_of(h, purpose || ' angle'));

-- how far a thing that ramps up from start over some days has come, 0 to 1
create macro ramp(day, start, days) as greatest(0.0, least(1.0, date_diff('day', start, day) / days::double));

-- the moment (local time) that lies minute working minutes after the calendar's first day began;
-- a working day has 180 minutes from 09:00 and 240 from 13:30
create macro work_time(minute) as
  list_extract(getvariable('workdays'), 1 + least(greatest(minute, 0)::bigint // 420, len(getvariable('workdays')) - 1))::timestamp
  + to_minutes(
    case
      when greatest(minute, 0)::bigint % 420 < 180 then 540 + greatest(minute, 0)::bigint % 420
      else 630 + greatest(minute, 0)::bigint % 420
    end
  );

-- a moment as departments' systems print it
create macro printed(moment) as strftime(moment, '%Y-%m-%d %H:%M:%S');
create macro yes_no(flag) as case flag when true then '是' when false then '否' end;

-- 1 to 99 in Chinese numerals
create macro numeral(n) as
  case
    when n < 10 then ['一', '二', '三', '四', '五', '六', '七', '八', '九'][n]
    when n < 20 then '十' || coalesce(['一', '二', '三', '四', '五', '六', '七', '八', '九'][n % 10], '')
    else ['一', '二', '三', '四', '五', '六', '七', '八', '九'][n // 10] || '十' || coalesce(['一', '二', '三', '四', '五', '六', '七', '八', '九'][n % 10], '')
  end;
