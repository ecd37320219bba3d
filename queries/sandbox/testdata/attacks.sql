-- What a hostile reader may try, one statement after the other. Each block is
--
--   -- attack: what it is after
--   -- ends: how it must end: one or more of refused, invalid, time, size, memory, crashed; "answered" where an answer is harmless
--   the statement
--
-- {{secret}} is a file with a secret beside the snapshot, {{snapshot}} the snapshot's own file, {{dir}} their folder.
-- Whatever happens, no answer and no message may hold the secret, the folder's path or a person's pseudonym.

-- ── Reading files ──────────────────────────────────────────────────────────

-- attack: read a file with read_text
-- ends: refused
select * from read_text('{{secret}}')

-- attack: read a file with read_csv
-- ends: refused
select * from read_csv('/etc/passwd', header = false, delim = ':')

-- attack: read a file with read_csv_auto
-- ends: refused
from read_csv_auto('{{secret}}')

-- attack: read a file as a blob
-- ends: refused
from read_blob('{{secret}}')

-- attack: read a file as JSON
-- ends: refused
from read_json('{{secret}}')

-- attack: read a file as JSON objects
-- ends: refused
from read_ndjson_objects('{{secret}}')

-- attack: read a Parquet file
-- ends: refused
from read_parquet('{{dir}}/*.parquet')

-- attack: read a Parquet file's metadata
-- ends: refused
from parquet_metadata('{{secret}}')

-- attack: let the CSV sniffer read a file
-- ends: refused
from sniff_csv('{{secret}}')

-- attack: open another database with a table function
-- ends: refused
from read_duckdb('{{snapshot}}')

-- attack: list files with glob
-- ends: refused
from glob('/**')

-- attack: list files of a folder that is known
-- ends: refused
select * from glob('{{dir}}/*')

-- attack: name a file as a table
-- ends: refused
select * from '{{secret}}'

-- attack: name a file as a table in double quotes
-- ends: refused
select * from "{{secret}}"

-- attack: name a Parquet file as a table
-- ends: refused
from 'x.parquet'

-- attack: a name of a file that is also the name of a CTE
-- ends: refused, invalid
select (with "{{secret}}" as (select 1 as a) select a from "{{secret}}"), * from "{{secret}}"

-- attack: describe a file
-- ends: refused
describe '{{secret}}'

-- attack: summarize a file
-- ends: refused
summarize '{{secret}}'

-- attack: a table function with a column as its argument
-- ends: refused
select t.* from (values ('{{secret}}')) f(p), lateral read_text(f.p) t

-- attack: a table function in a subquery in WHERE
-- ends: refused
select 1 where exists (select 1 from read_text('{{secret}}') where content like 'S%')

-- attack: a table function inside a CTE that is never used
-- ends: refused
with a as (from read_text('{{secret}}')) select 1

-- attack: a table function inside a recursive CTE
-- ends: refused
with recursive a(c) as (select content from read_text('{{secret}}') union all select c from a where false) from a

-- attack: a table function under EXPLAIN ANALYZE
-- ends: refused
explain analyze select * from read_text('{{secret}}')

-- attack: a table function in a pivot's source
-- ends: refused
from read_text('{{secret}}') pivot (count(*) for filename in ('a'))

-- attack: a table function as the argument of EXISTS in ORDER BY
-- ends: refused
select 1 order by (select count(*) from read_text('{{secret}}'))

-- attack: casing
-- ends: refused
FROM ReAd_TeXt('{{secret}}')

-- attack: a quoted function name
-- ends: refused
from "read_text"('{{secret}}')

-- attack: a qualified function name
-- ends: refused
from system.main.read_text('{{secret}}')

-- attack: comments inside the call
-- ends: refused
from/**/read_text/* -- */(/* ' */'{{secret}}'--
)

-- ── Writing files ──────────────────────────────────────────────────────────

-- attack: COPY a query to a file
-- ends: refused
copy (select 1) to '{{dir}}/out.csv'

-- attack: COPY a table to standard output
-- ends: refused
copy cases to '/dev/stdout'

-- attack: COPY from a file
-- ends: refused
copy cases from '{{secret}}'

-- attack: COPY under EXPLAIN
-- ends: refused
explain copy (select 1) to '{{dir}}/out.csv'

-- attack: COPY under EXPLAIN ANALYZE
-- ends: refused
explain analyze copy (select 1) to '{{dir}}/out.csv'

-- attack: EXPORT DATABASE
-- ends: refused
export database '{{dir}}/export'

-- attack: IMPORT DATABASE
-- ends: refused
import database '{{dir}}'

-- attack: copy a whole database
-- ends: refused
copy from database snap to memory

-- ── Other databases, extensions, network ──────────────────────────────────

-- attack: ATTACH the snapshot for writing
-- ends: refused
attach '{{snapshot}}' as mine

-- attack: ATTACH a database in memory
-- ends: refused
attach ':memory:' as mine

-- attack: DETACH the snapshot
-- ends: refused
detach snap

-- attack: change the current database
-- ends: refused
use snap

-- attack: INSTALL an extension
-- ends: refused
install httpfs

-- attack: INSTALL an extension by force from elsewhere
-- ends: refused
force install httpfs from 'http://127.0.0.1:1/'

-- attack: LOAD an extension by name
-- ends: refused
load httpfs

-- attack: LOAD a shared library
-- ends: refused
load '{{secret}}'

-- attack: UPDATE EXTENSIONS
-- ends: refused
update extensions

-- attack: read a URL
-- ends: refused
from read_csv('http://127.0.0.1:1/x.csv')

-- attack: name a URL as a table
-- ends: refused
from 'https://127.0.0.1:1/x.parquet'

-- attack: reach a cloud's metadata service
-- ends: refused
from read_text('http://169.254.169.254/latest/meta-data/')

-- attack: name an object store as a table
-- ends: refused
from 's3://bucket/x.parquet'

-- attack: create a secret
-- ends: refused
create secret s (type s3, key_id 'a', secret 'b')

-- attack: list secrets
-- ends: refused
from duckdb_secrets()

-- attack: ask which secret fits
-- ends: refused
from which_secret('s3://b', 's3')

-- ── Settings and what they tell ───────────────────────────────────────────

-- attack: allow external access
-- ends: refused
set enable_external_access = true

-- attack: raise the memory limit
-- ends: refused
set memory_limit = '100GB'

-- attack: a thread bomb
-- ends: refused
set threads = 100000

-- attack: a thread bomb by PRAGMA
-- ends: refused
pragma threads = 100000

-- attack: RESET a setting
-- ends: refused
reset memory_limit

-- attack: unlock the configuration
-- ends: refused
set global lock_configuration = false

-- attack: a folder for temporary files
-- ends: refused
set temp_directory = '{{dir}}'

-- attack: change the search path
-- ends: refused
set search_path = 'snap.main'

-- attack: leave one's subdistrict by a variable
-- ends: refused
set variable scope = null

-- attack: read the variable that confines a reader
-- ends: refused
select getvariable('scope')

-- attack: PRAGMA database_list tells the file's path
-- ends: refused
pragma database_list

-- attack: the same as a function
-- ends: refused
from pragma_database_list()

-- attack: the same by CALL
-- ends: refused
call pragma_database_list()

-- attack: the same as a view
-- ends: refused
from pragma_database_list

-- attack: the same behind a CTE of its name
-- ends: refused
select (with pragma_database_list as (select 1 as a) select a from pragma_database_list), * from pragma_database_list

-- attack: paths of databases
-- ends: refused
from duckdb_databases()

-- attack: paths of databases by SHOW
-- ends: refused
show databases

-- attack: tables of all databases by SHOW
-- ends: refused
show all tables

-- attack: SHOW inside FROM
-- ends: refused
from (show databases)

-- attack: settings
-- ends: refused
from duckdb_settings()

-- attack: one setting
-- ends: refused
select current_setting('temp_directory')

-- attack: variables
-- ends: refused
from duckdb_variables()

-- attack: logs
-- ends: refused
from duckdb_logs()

-- attack: switch logging on
-- ends: refused
call enable_logging('QueryLog', storage = 'file')

-- attack: write a log line
-- ends: refused
select write_log('x')

-- attack: the names of temporary files
-- ends: refused
from duckdb_temporary_files()

-- attack: an environment variable
-- ends: refused
select getenv('PATH')

-- attack: profile into a file
-- ends: refused
pragma profiling_output = '{{dir}}/profile.json'

-- ── The engine's catalogue and the hidden tables ──────────────────────────

-- attack: read what nightly runs keep of the cases
-- ends: refused
select reporter_key from snap.part.lasting_case

-- attack: the same without the catalogue
-- ends: refused
select reporter_key from part.lasting_case

-- attack: the snapshot's table behind the view
-- ends: refused
select reporter_key from snap.main.cases

-- attack: the same with quotes and comments
-- ends: refused
select reporter_key from "snap" . /* main */ "main"."cases"

-- attack: the same with the schema left out
-- ends: refused
select reporter_key from snap.cases

-- attack: the same under DESCRIBE
-- ends: refused
describe snap.main.cases

-- attack: the same under SUMMARIZE
-- ends: refused
summarize snap.main.cases

-- attack: the same through query()
-- ends: refused
from query('select reporter_key from snap.main.cases')

-- attack: the same through query_table()
-- ends: refused
from query_table('snap.main.cases')

-- attack: the same as serialized SQL
-- ends: refused
from json_execute_serialized_sql(json_serialize_sql('select * from snap.main.cases'))

-- attack: SQL put together from JSON
-- ends: refused
select json_deserialize_sql('{}')

-- attack: a scan below the binder
-- ends: refused
from seq_scan('snap.main.cases')

-- attack: a personal column by its name
-- ends: invalid
select reporter_key from cases

-- attack: a personal column of a fact
-- ends: invalid
select reporter_key from case_fact

-- attack: personal columns by a pattern
-- ends: invalid
select columns('.*_key') from staff

-- attack: the whole row as a struct
-- ends: answered
select c from cases c

-- attack: the whole row as JSON
-- ends: answered
select to_json(s) from staff s

-- attack: a join on a personal column
-- ends: invalid
from staff join training using (staff_key)

-- attack: personal columns of the refused rows
-- ends: invalid
select raw, value from reject

-- attack: rows of the refused file, and its path
-- ends: answered
select * from reject

-- attack: information_schema
-- ends: refused
from information_schema.columns

-- attack: pg_catalog
-- ends: refused
from pg_catalog.pg_class

-- attack: sqlite_master
-- ends: refused
from sqlite_master

-- attack: duckdb_tables
-- ends: refused
from duckdb_tables

-- attack: a system view qualified by the memory database
-- ends: refused
from main.duckdb_views

-- attack: a system view qualified by the system database
-- ends: refused
from system.main.duckdb_columns

-- attack: the text of a view
-- ends: refused
select sql from duckdb_views()

-- attack: the inner view of the scope
-- ends: refused
from scope_area

-- attack: the storage of a table
-- ends: refused
from pragma_storage_info('cases')

-- attack: a table in its state of earlier
-- ends: refused
select * from cases at (version => 1)

-- ── Writing, other statements, several statements ─────────────────────────

-- attack: CREATE TABLE AS
-- ends: refused
create table t as select 1

-- attack: CREATE a view in place of another
-- ends: refused
create or replace view cases as select * from snap.main.cases

-- attack: CREATE MACRO
-- ends: refused
create macro m() as table select * from snap.main.cases

-- attack: INSERT
-- ends: refused
insert into cases values (1)

-- attack: INSERT under EXPLAIN ANALYZE
-- ends: refused
explain analyze insert into cases values (1)

-- attack: DELETE
-- ends: refused
delete from cases

-- attack: DELETE in WITH
-- ends: refused
with d as (delete from cases returning *) from d

-- attack: UPDATE
-- ends: refused
update cases set channel = 'x'

-- attack: MERGE
-- ends: refused
merge into cases using (select 'K1' as case_id) as s using (case_id) when matched then delete

-- attack: DROP
-- ends: refused
drop view cases

-- attack: BEGIN and keep a transaction open
-- ends: refused
begin

-- attack: PREPARE a statement for the next reader
-- ends: refused
prepare p as select 1

-- attack: EXECUTE
-- ends: refused
execute p

-- attack: a parameter that nobody fills
-- ends: refused
select $1

-- attack: CHECKPOINT
-- ends: refused
force checkpoint

-- attack: checkpoint as a function
-- ends: refused
from force_checkpoint('snap')

-- attack: VACUUM
-- ends: refused
vacuum analyze

-- attack: two statements
-- ends: refused
select 1; select 2

-- attack: two statements, the second behind a comment
-- ends: refused
select 1; -- nothing to see
pragma database_list

-- attack: two statements, the first of which is EXPLAIN
-- ends: refused
explain select 1; drop view cases

-- attack: a comment that only looks closed
-- ends: answered
select 1 /* /* */ ; drop view cases; -- */

-- attack: EXPLAIN in front of EXPLAIN
-- ends: refused
explain explain select 1

-- attack: EXPLAIN with an option that is not known
-- ends: refused
explain (format html) select 1

-- attack: letters that only look Latin
-- ends: refused
ｓｅｌｅｃｔ * from read_text('{{secret}}')

-- attack: a zero-width space inside a name
-- ends: refused
select * from read​_text('{{secret}}')

-- attack: escapes in a name
-- ends: refused
select * from U&"re\0061d_text"('{{secret}}')

-- attack: a shell command of the command-line client
-- ends: refused
.read {{secret}}

-- attack: a sequence's next value
-- ends: refused
select nextval('s')

-- attack: sleep in a worker
-- ends: refused
select sleep_ms(1000000)

-- attack: sleep by another name
-- ends: refused
select pg_sleep(1000)

-- ── Bombs ──────────────────────────────────────────────────────────────────

-- attack: a recursive CTE without end
-- ends: time, memory
with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r

-- attack: a recursive CTE that doubles
-- ends: time, memory, crashed
with recursive r(n) as (select 1 union all select n + d from r, (values (1), (2)) v(d)) select count(*) from r

-- attack: a recursive CTE whose text grows
-- ends: time, memory, crashed
with recursive r(s) as (select 'x' union all select s || s from r) select max(length(s)) from r

-- attack: cross joins
-- ends: time, memory, crashed
select sum(hash(a.range + b.range)) from range(1000000000) a, range(1000000000) b

-- attack: cross joins of the facts
-- ends: time, memory, crashed
select count(*) from range(100000) a, range(100000) b, range(100000) c, case_fact where a.range * b.range * c.range % 7 = length(case_id)

-- attack: a huge series
-- ends: time, memory, crashed
select sum(hash(range)) from range(1000000000000)

-- attack: a huge text
-- ends: invalid, memory, size, crashed, time
select repeat('x', 4000000000)

-- attack: a huge text by padding
-- ends: invalid, memory, size, crashed, time
select lpad('x', 2000000000, 'x')

-- attack: a huge text by formatting
-- ends: invalid, memory, size, crashed, time
select format('{:1000000000}', 1)

-- attack: a huge text by printf
-- ends: invalid, memory, size, crashed, time
select printf('%1000000000d', 1)

-- attack: many large texts in one list
-- ends: memory, size, crashed, time
select list(repeat('x', 1000000)) from range(1000)

-- attack: a huge list
-- ends: invalid, memory, size, crashed, time
select range(1, 10000000000)

-- attack: a huge list by resizing
-- ends: invalid, memory, crashed, time
select list_resize([1], 1000000000000)

-- attack: a huge list by aggregation
-- ends: memory, crashed, time
select length(list(range)) from range(10000000000)

-- attack: a huge text by aggregation
-- ends: memory, crashed, time
select length(string_agg(range, ',')) from range(10000000000)

-- attack: a huge bit string
-- ends: invalid, memory, size, crashed, time
select bitstring('1', 2000000000)

-- attack: a sort that does not fit
-- ends: memory, time, crashed
select range from range(1000000000) order by hash(range), random() offset 999999998

-- attack: a distinct that does not fit
-- ends: memory, time, crashed
select count(distinct hash(range)) from range(1000000000)

-- attack: groups that do not fit
-- ends: memory, time, crashed
select max(n) from (select hash(range) as h, count(*) as n from range(1000000000) group by h)

-- attack: a join that does not fit
-- ends: memory, time, crashed
select count(*) from range(500000000) a join range(500000000) b on hash(a.range) = hash(b.range)

-- attack: a window that does not fit
-- ends: memory, time, crashed
select max(s) from (select sum(range) over (order by hash(range) rows between 100000 preceding and 100000 following) as s from range(100000000))

-- attack: a billion laughs
-- ends: time, memory, crashed
with a as (from range(100)), b as (select a.range from a, a a2, a a3), c as (select b.range from b, b b2, b b3), d as (select c.range + random() as range from c, c c2, c c3) select count(distinct hash(d.range)) from d

-- attack: a regular expression that backtracks elsewhere
-- ends: answered, time, memory
select regexp_matches(repeat('a', 5000000) || 'b', '^(a+)+$')

-- attack: a regular expression with nested counts
-- ends: invalid, answered, time
select regexp_matches(repeat('x', 1000), '((x{1,100}){1,100}){1,100}')

-- attack: regular expressions over many long texts
-- ends: time
select count(*) from range(1000000) where regexp_matches(repeat(range::varchar || 'ab', 10000), '(.*a){20}$')

-- attack: an edit distance of long texts
-- ends: time, memory
select levenshtein(repeat('a', 1000000), repeat('b', 1000000))

-- attack: deep brackets
-- ends: refused, invalid, crashed, time
select {{deep-brackets}}1{{deep-brackets-end}}

-- attack: deep NOT
-- ends: refused, invalid, crashed, answered, time
select {{deep-not}} true

-- attack: deep lists
-- ends: refused, invalid, crashed, answered, time
select {{deep-lists}}1{{deep-lists-end}}

-- attack: very many unions
-- ends: refused, invalid, crashed, answered, time
select 1 {{many-unions}}

-- attack: a statement that is too long
-- ends: refused
select '{{long}}'

-- attack: a very wide result
-- ends: size, answered, time, memory, invalid, crashed
select {{many-stars}} from cases a, cases b, cases c, range(100000)

-- attack: a result of a gigabyte
-- ends: size, time
select repeat('x', 1000) as x, range from range(1000000)

-- attack: a result of a billion rows
-- ends: size, time
from range(1000000000)

-- attack: single values larger than a page could hold
-- ends: size, memory, crashed, time
select repeat('x', 30000000) from range(3)

-- attack: JSON that is deep
-- ends: invalid, answered, crashed, memory, time
select json_extract(repeat('[', 1000000) || repeat(']', 1000000), '$[0][0]')

-- attack: a power tower of whole numbers
-- ends: answered, invalid, time
select sum(factorial((range % 30)::integer)) from range(1000000)

-- attack: a sample without end
-- ends: time, memory, size, crashed
select * from range(100000000000) using sample 100000000 rows

-- attack: a table function that repeats without end
-- ends: size, time
from repeat_row(1, 2, 3, num_rows = 10000000000)
