package etl

import (
	"context"
	"fmt"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
)

// merge brings staged rows into the feed's table. For each key the newest
// version wins; between versions of the same age that of the file changed
// last, so that a corrected file needs no version column; then their content
// decides, so that the order in which files are loaded does not matter. The staging table is gone afterwards.
func (r *run) merge(ctx context.Context, feed schema.Feed, columns []column, loads []*staged) (Counts, error) {
	if err := r.exec(ctx, "create or replace temp table lost (row_id bigint, load_id integer, what varchar)"); err != nil {
		return Counts{}, err
	}
	if err := r.drop(ctx, feed, withinStage(feed, columns)); err != nil {
		return Counts{}, err
	}
	empty, err := r.count(ctx, "select count(*) from (select 1 from "+feed.Name+" limit 1)")
	if err != nil {
		return Counts{}, err
	}
	if empty == 0 {
		return r.adopt(ctx, feed, loads)
	}
	return r.upsert(ctx, feed, columns, loads)
}

// drop writes down which staged rows lose by a rule and deletes them.
func (r *run) drop(ctx context.Context, feed schema.Feed, rule string) error {
	before, err := r.count(ctx, "select count(*) from lost")
	if err != nil {
		return err
	}
	if err := r.exec(ctx, rule); err != nil {
		return err
	}
	after, err := r.count(ctx, "select count(*) from lost")
	if err != nil || after == before {
		return err
	}
	return r.exec(ctx, "delete from stage_"+feed.Name+" where rowid in (select row_id from lost)")
}

// adopt makes the staging table the feed's table, which is empty: nothing is copied.
func (r *run) adopt(ctx context.Context, feed schema.Feed, loads []*staged) (Counts, error) {
	total, err := r.account(ctx, feed, loads)
	if err != nil {
		return Counts{}, err
	}
	stage := "stage_" + feed.Name
	for _, statement := range []string{
		"alter table " + stage + " drop column bad",
		"drop table " + feed.Name,
		"alter table " + stage + " rename to " + feed.Name,
		feed.Comments(),
	} {
		if err := r.exec(ctx, statement); err != nil {
			return Counts{}, err
		}
	}
	return total, nil
}

// upsert replaces the rows of the feed's table that staged rows are newer than, and adds the new ones.
func (r *run) upsert(ctx context.Context, feed schema.Feed, columns []column, loads []*staged) (Counts, error) {
	stage := "stage_" + feed.Name
	var replaced int64
	if err := r.atOnce(ctx, func() (err error) { // so that a row stays where it was found
		if err = r.meet(ctx, feed, stage); err != nil {
			return err
		}
		if err = r.drop(ctx, feed, againstWarehouse(feed, columns)); err != nil {
			return err
		}
		replaced, err = r.giveWay(ctx, feed, stage)
		return err
	}); err != nil {
		return Counts{}, err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = ident(c.name)
	}
	all := strings.Join(names, ", ") + ", load_id"
	if err := r.exec(ctx, "insert into "+feed.Name+" ("+all+") select "+all+" from "+stage); err != nil {
		return Counts{}, err
	}
	total, err := r.account(ctx, feed, loads)
	if err != nil {
		return Counts{}, err
	}
	total.Replaced = replaced
	return total, r.exec(ctx, "drop table "+stage)
}

// meet copies the rows of the feed's table that have keys of staged ones to the table met, with their row ids. By key first, and by
// row then: rows of which all columns are wanted are dear to compare by text.
func (r *run) meet(ctx context.Context, feed schema.Feed, stage string) error {
	return r.exec(ctx, `
create or replace temp table met as
select
  *,
  rowid as row_id
from `+feed.Name+`
where rowid in (
  select w.rowid
  from `+feed.Name+` as w
  join `+stage+` as s on `+sameKey(feed)+`
)`)
}

// giveWay takes the rows with the keys of staged ones out of the feed's table and keeps them in replaced_<feed>: computing asks for the
// versions that gave way (compute.Replaced). It returns how many they are.
func (r *run) giveWay(ctx context.Context, feed schema.Feed, stage string) (int64, error) {
	gone := "replaced_" + feed.Name
	for _, statement := range []string{
		"delete from met as w where not exists (from " + stage + " as s where " + sameKey(feed) + ")", // what won over a staged row
		"delete from " + feed.Name + " where rowid in (select row_id from met)",
		"create or replace temp table " + gone + " as select * exclude (row_id) from met",
		"drop table met",
	} {
		if err := r.exec(ctx, statement); err != nil {
			return 0, err
		}
	}
	return r.count(ctx, "select count(*) from "+gone)
}

// account writes down where the rows of each file ended and checks that they add up.
func (r *run) account(ctx context.Context, feed schema.Feed, loads []*staged) (Counts, error) {
	ends, err := r.ends(ctx, feed)
	if err != nil {
		return Counts{}, err
	}
	const update = `
update load
set rows_read = ?, rows_loaded = ?, rows_superseded = ?, rows_duplicate = ?, rows_rejected = ?
where load_id = ?`
	var total Counts
	for _, s := range loads {
		c := ends[s.loadID]
		c.Read = s.rows + int64(len(s.lineErrors))
		if c.Read != c.Loaded+c.Superseded+c.Duplicate+c.Rejected {
			return total, fmt.Errorf("%w: file %s: the counts do not add up: read %d, loaded %d, superseded %d, duplicate %d, rejected %d",
				ErrRefused, s.path, c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected)
		}
		if err := r.exec(ctx, update, c.Read, c.Loaded, c.Superseded, c.Duplicate, c.Rejected, s.loadID); err != nil {
			return total, err
		}
		total.add(c)
	}
	return total, nil
}

// ends counts, for each load, the rows that ended in each of the four places.
func (r *run) ends(ctx context.Context, feed schema.Feed) (map[int64]Counts, error) {
	rows, err := r.conn.QueryContext(ctx, fmt.Sprintf(`
select
  load_id,
  count_if(what = 'loaded'),
  count_if(what = 'superseded'),
  count_if(what = 'duplicate'),
  count_if(what = 'rejected')
from (
  select load_id, 'loaded' as what from stage_%s
  union all
  select load_id, what from lost
  union all
  select load_id, 'rejected' from reject where run_id = ? and feed = ?
)
group by load_id`, feed.Name), r.id, feed.Name)
	if err != nil {
		return nil, fmt.Errorf("count where the rows ended: %w", err)
	}
	defer rows.Close()
	ends := map[int64]Counts{}
	for rows.Next() {
		var load int64
		var c Counts
		if err := rows.Scan(&load, &c.Loaded, &c.Superseded, &c.Duplicate, &c.Rejected); err != nil {
			return nil, fmt.Errorf("count where the rows ended: %w", err)
		}
		ends[load] = c
	}
	return ends, rows.Err()
}

// withinStage finds rows that lose against another row of this run. Only keys that occur twice are looked at. Of copies, the one that was
// loaded first stays, so that a rebuild says of each row what the nights have said.
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
    w.%[6]s as version,
    l.modified_at,
    l.loaded_at
  from %[2]s as w
  semi join twice as s on %[3]s
  join load as l on l.load_id = w.load_id
),
dated as (
  select
    *,
    min(modified_at) over (partition by %[1]s, content) as first_came
  from versions
),
ranked as (
  select
    row_id,
    load_id,
    row_number() over (partition by %[1]s order by version desc nulls last, first_came desc, content desc, loaded_at, row_id) as place,
    row_number() over (partition by %[1]s, content order by loaded_at, row_id) as copy
  from dated
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
    coalesce(w.%[6]s, timestamp '0001-01-01') as old_version,
    n.modified_at as new_file,
    o.modified_at as old_file
  from stage_%[1]s as s
  join met as w on %[5]s
  join load as n on n.load_id = s.load_id
  join load as o on o.load_id = w.load_id
)
select
  row_id,
  load_id,
  case when new_content = old_content then 'duplicate' else 'superseded' end
from pairs
where new_content = old_content
  or (old_version, old_file, old_content) > (new_version, new_file, new_content)`, feed.Name, "", content("s", columns), content("w", columns), sameKey(feed), ident(feed.Version))
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
