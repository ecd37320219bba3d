-- Intervals at 95 %. z is the 97.5 % point of the normal distribution.
-- Wilson (1927) interval for x of n; the ends at 0 and n of n are exact, not rounded.
create or replace temp macro wilson_low(x, n) as
  case when x <= 0 then 0 else greatest(0, (x + 1.9207294103470924) / (n + 3.841458820694185)
    - 1.959963984540054 * sqrt(x * (n - x) / n + 0.9603647051735462) / (n + 3.841458820694185)) end;
create or replace temp macro wilson_high(x, n) as
  case when x >= n then 1 else least(1, (x + 1.9207294103470924) / (n + 3.841458820694185)
    + 1.959963984540054 * sqrt(x * (n - x) / n + 0.9603647051735462) / (n + 3.841458820694185)) end;

-- A case is watched for a year at most, in hours: one that is open for longer leaves the clock there. A response is watched for
-- 8,760 tenths of a working hour. What is older than that stays as it was counted.
create or replace temp macro longest_watch() as 8760;

-- Durations are counted in whole units (hours) up to 240, and beyond that to the nearest whole day of 24: nobody is helped by
-- the hour after ten days, and places that keep days alone lose nothing.
create or replace temp macro duration_bin(d) as
  case
    when d <= 240 then d
    when d <= longest_watch() then (d + 12) // 24 * 24
    when d > longest_watch() then longest_watch()
  end;

-- The same for single grids, in steps of at most about 12 % beyond a day, so that a value errs by 6 % at most.
create or replace temp macro coarse_bin(d) as
  case
    when d <= 24 then d
    when d <= 96 then (d + 1) // 3 * 3
    when d <= 240 then (d + 6) // 12 * 12
    when d <= 1440 then (d + 12) // 24 * 24
    else (d + 96) // 192 * 192
  end;
