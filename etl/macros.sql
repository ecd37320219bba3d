-- How texts in departments' files are read. Each macro takes a text and gives
-- a value, or null where the text is empty or cannot be read as such.
-- The cheap reading comes first and stands in the WHEN of a CASE; the costly one
-- is reached by those rows only that need it. (COALESCE would not do: what
-- occurs twice inside of it is worked out for every row.)

create or replace temp macro clean_text(t) as nullif(trim(t, ' 	　'), '');

-- A text without space around it, "" where there is nothing else. Trim with a list takes tabs too, trim without one every kind of
-- space; both look at each character, and a text of ASCII without a space, as most codes are, needs neither.
create or replace temp macro trimmed_text(t) as
  case
    when contains(t, '	')
      then trim(t, ' 	　')
    when strlen(t) = length(t) and not contains(t, ' ')
      then t
    else trim(t)
  end;

create or replace temp macro tidy_text(t) as nullif(trimmed_text(t), '');

create or replace temp macro half_width(t) as translate(clean_text(t), '０１２３４５６７８９／－：．，　', '0123456789/-:., ');

-- Excel counts days from 1899-12-30; 20000 is 1954, 80000 is 2119.
create or replace temp macro excel_time(t) as
  case
    when try_cast(t as double) between 20000 and 80000
      then timestamp '1899-12-30' + to_seconds(round(try_cast(t as double) * 86400)::bigint)
  end;

-- 1000 to 9999: neither infinity nor a year before Christ; "9999-12-31" is how some systems write "for ever"
create or replace temp macro plausible(t) as
  case
    when t between timestamp '1000-01-01' and timestamp '9999-12-31 23:59:59.999999'
      then t
  end;

-- A text with an offset from UTC (2026-11-24T00:15:00Z, …+08:00) becomes the district's local time, which the session's zone is.
create or replace temp macro zoned_timestamp(t) as
  case
    when regexp_matches(t, '\d:\d\d(:\d\d(\.\d+)?)? ?(Z|z|[+-]\d\d(:?\d\d)?)$')
      then try_cast(t as timestamptz)::timestamp
    else try_cast(t as timestamp)
  end;

create or replace temp macro parse_odd_timestamp(t) as coalesce(
  plausible(zoned_timestamp(half_width(t))),
  plausible(try_strptime(half_width(t), [
    '%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%d %H:%M:%S', '%Y%m%d %H:%M',
    '%Y年%m月%d日', '%Y年%m月%d日 %H:%M', '%Y年%m月%d日 %H:%M:%S', '%Y年%m月%d日%H:%M', '%Y年%m月%d日%H:%M:%S',
    '%Y年%m月%d日 %H时%M分', '%Y年%m月%d日%H时%M分', '%Y年%m月%d日 %H时%M分%S秒', '%Y年%m月%d日%H时%M分%S秒', '%Y年%m月%d日%H时',
    '%Y.%m.%d', '%Y.%m.%d %H:%M', '%Y.%m.%d %H:%M:%S',
    '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y', '%Y年%m月', '%Y-%m', '%Y/%m'])),
  excel_time(half_width(t))
);

-- cell: the text as DuckDB casts it, which is worked out once, since inside of a CASE it would be twice
create or replace temp macro parse_cast_timestamp(t, cell) as
  case
    when strlen(t) <= 19 and cell between timestamp '1000-01-01' and timestamp '9999-12-31 23:59:59' and t <> 'epoch'
      then cell
    when regexp_matches(t, '[0-9０-９]') -- DuckDB also takes the words "epoch" and "infinity"
      then parse_odd_timestamp(t)
  end;

create or replace temp macro parse_timestamp(t) as parse_cast_timestamp(t, try_cast(t as timestamp));

create or replace temp macro parse_date(t) as
  case
    when try_cast(t as date) between date '1000-01-01' and date '9999-12-31' and t <> 'epoch'
      then try_cast(t as date)
    when t is not null
      then parse_timestamp(t)::date
  end;

-- neither infinite nor "not a number": those are words here, not values
create or replace temp macro finite(d) as
  case
    when isfinite(d)
      then d
  end;

create or replace temp macro parse_double(t) as coalesce(finite(try_cast(t as double)), finite(try_cast(replace(half_width(t), ',', '') as double)));

-- a number with a fraction is not an integer: 3.0 is read, 3.5 is not
create or replace temp macro parse_integer(t) as
  case
    when try_cast(t as integer) = try_cast(t as double)
      then try_cast(t as integer)
    when parse_double(t) = round(parse_double(t)) and abs(parse_double(t)) < 2147483647
      then parse_double(t)::integer
  end;

create or replace temp macro parse_plain_boolean(t) as
  case
    when list_contains(['是', '1', 'true', 't', 'y', 'yes', '有', '已解决', '√'], t)
      then true
    when list_contains(['否', '0', 'false', 'f', 'n', 'no', '无', '未解决', '×'], t)
      then false
  end;

create or replace temp macro parse_boolean(t) as
  case
    when parse_plain_boolean(t) is not null
      then parse_plain_boolean(t)
    when t is not null
      then parse_plain_boolean(lower(half_width(t)))
  end;

-- keyed_hash is HMAC-SHA-256 with the key of the district, cut to 128 bits (pseudonym.go).
-- A value that is a pseudonym already (a corrected reject that is fed again) stays as it is.
create or replace temp macro pseudonym_of(t) as
  case
    when t is null then null
    when starts_with(t, 'hmac:') and regexp_full_match(t, 'hmac:[0-9a-f]{32}') then t
    else 'hmac:' || keyed_hash(tidy_text(t))
  end;
