package etl

import (
	"context"
	"fmt"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
)

// merge brings staged rows into the feed's table. For each key the newest
// version wins; between versions of the same age their content decides, so
// that the order in which files arrive does not matter.
func (r *run) merge(ctx context.Context, feed schema.Feed, columns []column, loads []*staged) (Counts, error) {
	stage := "stage_" + feed.Name
	if err := r.exec(ctx, "create or replace temp table lost (row_id bigint, load_id integer, what varchar)"); err != nil {
		return Counts{}, err
	}
	steps := []string{withinStage(feed, columns), againstWarehouse(feed, columns)}
	for _, statement := range steps {
		if err := r.exec(ctx, statement); err != nil {
			return Counts{}, err
		}
		if err := r.exec(ctx, "delete from "+stage+" where rowid in (select row_id from lost)"); err != nil {
			return Counts{}, err
		}
	}
	replaced, err := r.count(ctx, "select count(*) from "+feed.Name+" as w where exists (select 1 from "+stage+" as s where "+sameKey(feed)+")")
	if err != nil {
		return Counts{}, err
	}
	if replaced > 0 {
		if err := r.exec(ctx, "delete from "+feed.Name+" as w using "+stage+" as s where "+sameKey(feed)); err != nil {
			return Counts{}, err
		}
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = ident(c.name)
	}
	all := strings.Join(names, ", ") + ", load_id"
	if err := r.exec(ctx, "insert into "+feed.Name+" ("+all+") select "+all+" from "+stage); err != nil {
		return Counts{}, err
	}
	total := Counts{Replaced: replaced}
	for _, s := range loads {
		c, err := r.account(ctx, stage, s)
		if err != nil {
			return Counts{}, err
		}
		total.add(c)
	}
	return total, nil
}

// account writes down where the rows of one file ended and checks that they add up.
func (r *run) account(ctx context.Context, stage string, s *staged) (Counts, error) {
	c := Counts{Read: s.rows + int64(len(s.lineErrors))}
	if s.text != nil {
		c.Read += int64(len(s.text.undecoded))
	}
	const sums = `
select
  (select count(*) from %s where load_id = ?),
  count(*) filter (what = 'superseded'),
  count(*) filter (what = 'duplicate'),
  (select count(*) from reject where run_id = ? and load_id = ?)
from lost
where load_id = ?`
	row := r.conn.QueryRowContext(ctx, fmt.Sprintf(sums, stage), s.loadID, r.id, s.loadID, s.loadID)
	if err := row.Scan(&c.Loaded, &c.Superseded, &c.Duplicate, &c.Rejected); err != nil {
		return c, fmt.Errorf("count the rows of %s: %w", s.path, err)
	}
	if c.Read != c.Loaded+c.Superseded+c.Duplicate+c.Rejected {
		return c, fmt.Errorf("%w: file %s: the counts do not add up: read %d, loaded %d, superseded %d, duplicate %d, rejected %d",
			ErrRefused, s.path, c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected)
	}
	const update = `
update load
set rows_read = ?, rows_loaded = ?, rows_superseded = ?, rows_duplicate = ?, rows_rejected = ?
where load_id = ?`
	return c, r.exec(ctx, update, c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected, s.loadID)
}

// withinStage finds rows that lose against another row of this run. Only keys that occur twice are looked at.
func withinStage(feed schema.Feed, columns []column) string {
	key := keyList(feed, "")
	stage := "stage_" + feed.Name
	return fmt.Sprintf(`
insert into lost
with twice as (
  select %[1]s
  from %[2]s
  group by %[1]s
  having count(*) > 1
),
versions as (
  select
    w.rowid as row_id,
    w.load_id,
    %[5]s,
    %[4]s as content,
    w.%[6]s as version
  from %[2]s as w
  semi join twice as s on %[3]s
),
ranked as (
  select
    row_id,
    load_id,
    row_number() over (partition by %[1]s order by version desc nulls last, content desc, row_id) as place,
    row_number() over (partition by %[1]s, content order by row_id) as copy
  from versions
)
select
  row_id,
  load_id,
  case when copy > 1 then 'duplicate' else 'superseded' end
from ranked
where place > 1`, key, stage, sameKey(feed), content("w", columns), keyList(feed, "w."), ident(feed.Version))
}

// againstWarehouse finds rows that bring nothing newer than what the warehouse holds.
func againstWarehouse(feed schema.Feed, columns []column) string {
	return fmt.Sprintf(`
insert into lost
with pairs as (
  select
    s.rowid as row_id,
    s.load_id,
    %[3]s as new_content,
    %[4]s as old_content,
    coalesce(s.%[6]s, timestamp '0001-01-01') as new_version,
    coalesce(w.%[6]s, timestamp '0001-01-01') as old_version
  from stage_%[1]s as s
  join %[1]s as w on %[5]s
)
select
  row_id,
  load_id,
  case when new_content = old_content then 'duplicate' else 'superseded' end
from pairs
where new_content = old_content
  or old_version > new_version
  or (old_version = new_version and old_content > new_content)`, feed.Name, "", content("s", columns), content("w", columns), sameKey(feed), ident(feed.Version))
}

// content is a row's whole content as one comparable text.
func content(table string, columns []column) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "coalesce(" + table + "." + ident(c.name) + "::varchar, chr(30))"
	}
	return "concat_ws(chr(31), " + strings.Join(parts, ", ") + ")"
}

func keyList(feed schema.Feed, prefix string) string {
	parts := make([]string, len(feed.Key))
	for i, k := range feed.Key {
		parts[i] = prefix + ident(k)
	}
	return strings.Join(parts, ", ")
}

// sameKey joins the tables w and s on the feed's key; a missing part of a key equals a missing part.
func sameKey(feed schema.Feed) string {
	parts := make([]string, len(feed.Key))
	for i, k := range feed.Key {
		op := "is not distinct from"
		for _, required := range feed.Required {
			if required == k {
				op = "="
			}
		}
		parts[i] = "w." + ident(k) + " " + op + " s." + ident(k)
	}
	return strings.Join(parts, " and ")
}
