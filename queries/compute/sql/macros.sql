-- Intervals at 95 %. z is the 97.5 % point of the normal distribution.
-- Wilson (1927) interval for x of n; the ends at 0 and n of n are exact, not rounded.
create or replace temp macro wilson_low(x, n) as
  case when x <= 0 then 0 else greatest(0, (x + 1.9207294103470924) / (n + 3.841458820694185)
    - 1.959963984540054 * sqrt(x * (n - x) / n + 0.9603647051735462) / (n + 3.841458820694185)) end;
create or replace temp macro wilson_high(x, n) as
  case when x >= n then 1 else least(1, (x + 1.9207294103470924) / (n + 3.841458820694185)
    + 1.959963984540054 * sqrt(x * (n - x) / n + 0.9603647051735462) / (n + 3.841458820694185)) end;

-- Durations are counted whole up to 96 units (for hours, four days), and beyond in steps of at most about 3 %,
-- rounded to the nearest step; each step is a divisor of 24 × a power of two, so that whole days stay whole days up to 60.
create or replace temp macro duration_bin(d) as
  case
    when d <= 96 then d
    when d <= 384 then (d + 1) // 3 * 3
    when d <= 1440 then (d + 6) // 12 * 12
    when d <= 5760 then (d + 24) // 48 * 48
    else (d + 96) // 192 * 192
  end;
