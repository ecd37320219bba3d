package etl

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/jiceng/jiceng/queries/schema"
)

// column is one column of a feed.
type column struct{ name, kind string }

// staged is one file in the staging table: its rows have the row ids first … first+rows−1, in the file's order.
type staged struct {
	*file
	*relation
	loadID      int64
	first, rows int64
	lineErrors  []lineError
}

// lineError is a line that is no row: too few or too many fields, an open quote, bytes that are no text.
type lineError struct {
	start   int64 // byte position at which the line begins
	message string
	line    int64  // where it is known at once: its number from 1,
	text    []byte // and its text
}

// invalidEncoding is how DuckDB's reader names bytes that are no text.
const invalidEncoding = "INVALID ENCODING"

// loadFeed takes the files of one feed through reading, checking and merging. It returns the rows read.
func (r *run) loadFeed(ctx context.Context, feed schema.Feed, files []*file) (int64, error) {
	columns, err := r.columns(ctx, feed.Name)
	if err != nil {
		return 0, err
	}
	if err := r.exec(ctx, createStage(feed, columns)); err != nil {
		return 0, err
	}
	var loads []*staged
	var rows int64
	for _, f := range files {
		r.progress(filepath.Base(f.path))
		s, err := r.stage(ctx, feed, columns, f, rows)
		if err != nil {
			return 0, fmt.Errorf("file %s: %w", f.path, err)
		}
		defer s.close()
		rows += s.rows
		r.done += f.bytes
		loads = append(loads, s)
	}
	foreign, err := r.translate(ctx, feed)
	if err != nil {
		return 0, err
	}
	if err := r.check(ctx, feed, foreign, loads); err != nil {
		return 0, err
	}
	counts, err := r.merge(ctx, feed, columns, loads)
	if err != nil {
		return 0, err
	}
	r.result.Feeds[feed.Name] = counts
	r.result.Total.add(counts)
	return counts.Read, nil
}

// createStage makes the staging table: the feed's columns, and in bad the first one whose text could not be read.
func createStage(feed schema.Feed, columns []column) string {
	var parts []string
	for _, c := range columns {
		part := ident(c.name) + " " + c.kind
		// What hardly repeats is best packed by what its texts have in common; DuckDB finds that out as well, but looks for repetition
		// in vain first.
		if c.kind == "VARCHAR" && (len(feed.Key) == 1 && feed.Key[0] == c.name || slices.Contains(feed.Personal, c.name)) {
			part += " using compression fsst"
		}
		parts = append(parts, part)
	}
	return "create or replace table stage_" + feed.Name + " (" + strings.Join(parts, ", ") + ", " + schema.LoadIDColumn + " integer, bad varchar)"
}

func (c *Counts) add(d Counts) {
	c.Read += d.Read
	c.Loaded += d.Loaded
	c.Superseded += d.Superseded
	c.Duplicate += d.Duplicate
	c.Rejected += d.Rejected
	c.Replaced += d.Replaced
}

func (r *run) columns(ctx context.Context, table string) ([]column, error) {
	return describeQuery(ctx, r.conn, "select * from "+table, schema.LoadIDColumn)
}

// describeQuery returns the columns that a query would yield, but for those left out.
func describeQuery(ctx context.Context, conn *sql.Conn, query string, except ...string) ([]column, error) {
	rows, err := conn.QueryContext(ctx, "select column_name, column_type from (describe "+query+")")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []column
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		if !slices.Contains(except, c.name) {
			columns = append(columns, c)
		}
	}
	return columns, rows.Err()
}

// stage reads one file into the staging table in one streaming pass: text to typed columns,
// with the name of the first column whose text could not be read. first is the row id its rows begin with.
func (r *run) stage(ctx context.Context, feed schema.Feed, columns []column, f *file, first int64) (*staged, error) {
	rel, err := r.relate(ctx, f)
	if err != nil {
		return nil, err
	}
	s := &staged{file: f, relation: rel, first: first}
	if s.loadID, err = r.count(ctx, "select coalesce(max(load_id), 0) + 1 from load"); err != nil {
		return nil, err
	}
	insert := "insert into load (load_id, run_id, source, feed, department, path, content_hash, format, encoding, bytes, header_line, modified_at, loaded_at) " +
		"values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce((select loaded_at from first_loaded where content_hash = ?), ?))"
	if err := r.exec(ctx, insert, s.loadID, r.id, f.source.Name, feed.Name, f.source.Department, f.path, f.hash, f.format, f.encoding,
		f.bytes, rel.headerLine, f.modified, f.hash, r.started); err != nil {
		return nil, err
	}
	with := "with raw as (select * " + maskPersonal(f.source, rel) + " from " + rel.sql + "), mapped as (\n" + trimStatement(f.mapping) + "\n)"
	mapped, err := describeQuery(ctx, r.conn, with+" select * from mapped")
	if err != nil {
		return nil, err
	}
	query, err := castQuery(with, feed, columns, mapped, f.source, s.loadID)
	if err != nil {
		return nil, err
	}
	if s.readsCSV() {
		if err := r.exec(ctx, "drop table if exists line_errors; drop table if exists line_scans"); err != nil {
			return nil, err
		}
	}
	inserted, err := r.conn.ExecContext(ctx, "insert into stage_"+feed.Name+" "+query)
	if err != nil {
		return nil, withoutContent(err)
	}
	if s.rows, err = inserted.RowsAffected(); err != nil {
		return nil, err
	}
	s.lineErrors = rel.wrong
	if s.readsCSV() {
		s.lineErrors, err = r.lineErrors(ctx)
	}
	return s, err
}

// maskPersonal replaces personal columns before anything else sees them.
func maskPersonal(s Source, rel *relation) string {
	var parts []string
	for _, name := range rel.columns {
		switch s.personal(name) {
		case drop:
			parts = append(parts, "null::varchar as "+ident(name))
		case pseudonym:
			parts = append(parts, "pseudonym_of("+ident(name)+"::varchar) as "+ident(name))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "replace (" + strings.Join(parts, ", ") + ")"
}

// personal says what is done with a column, "" for one that is not personal.
// The second column of a name, which columnNames calls name_2, is as personal as the first.
func (s Source) personal(column string) string {
	if how, ok := s.Personal[column]; ok {
		return how
	}
	if base := repeated.FindStringSubmatch(column); base != nil {
		return s.Personal[base[1]]
	}
	return ""
}

var repeated = regexp.MustCompile(`^(.+)_\d+$`)

// castQuery turns the mapping's output into the feed's columns, and adds the
// name and text of the first column whose text could not be read (null: none).
// What each row pays for is kept cheap: the plain cast, and a test for nulls.
func castQuery(with string, feed schema.Feed, columns, mapped []column, s Source, loadID int64) (string, error) {
	given := map[string]string{}
	for _, c := range mapped {
		if !slices.ContainsFunc(columns, func(f column) bool { return f.name == c.name }) {
			return "", fmt.Errorf("the mapping gives a column %q, which feed %s does not have", c.name, feed.Name)
		}
		given[c.name] = c.kind
	}
	quick := []string{"*"} // what is worked out once and used more than once: an expression would be copied, and the copies planned
	var cast, final, suspect, bad []string
	for _, c := range columns {
		kind, ok := given[c.name]
		name := ident(c.name)
		final = append(final, name)
		text := name
		if kind != "VARCHAR" {
			text += "::varchar"
		}
		switch {
		case !ok:
			cast = append(cast, "null::"+c.kind+" as "+name)
		case kind == c.kind && c.kind != "VARCHAR":
			cast = append(cast, name)
		case c.kind == "VARCHAR" && len(s.Values[c.name]) == 0:
			trimmed := ident(c.name + " trimmed")
			quick = append(quick, "trimmed_text("+text+") as "+trimmed)
			cast = append(cast, "nullif("+trimmed+", '') as "+name)
		case c.kind == "VARCHAR":
			cast = append(cast, valueMap(text, s.Values[c.name])+" as "+name)
		default:
			if values := s.Values[c.name]; len(values) > 0 {
				text = valueMap(text, values)
			}
			raw := ident(c.name + " as text")
			parsed := parser(c.kind) + "(" + raw + ")"
			quick = append(quick, text+" as "+raw)
			if c.kind == "TIMESTAMP" {
				cell := ident(c.name + " as timestamp")
				quick = append(quick, "try_cast("+text+" as timestamp) as "+cell)
				parsed = "parse_cast_timestamp(" + raw + ", " + cell + ")"
			}
			cast = append(cast, raw, parsed+" as "+name)
			suspect = append(suspect, "("+name+" is null and "+raw+" is not null)")
			bad = append(bad, "when "+name+" is null and clean_text("+raw+") is not null then "+quote(c.name+"\x1f")+" || clean_text("+raw+")")
		}
	}
	badSQL := "null::varchar"
	if len(bad) > 0 {
		badSQL = "case\n    when " + strings.Join(suspect, "\n      or ") + "\n      then case\n        " + strings.Join(bad, "\n        ") + "\n      end\n  end"
	}
	return with + ",\nquick as (\n  select\n    " + strings.Join(quick, ",\n    ") + "\n  from mapped\n),\ntyped as (\n  select\n    " +
		strings.Join(cast, ",\n    ") + "\n  from quick\n)\nselect\n  " +
		strings.Join(final, ",\n  ") + fmt.Sprintf(",\n  %d as load_id,\n  ", loadID) + badSQL + " as bad\nfrom typed", nil
}

func parser(kind string) string {
	switch kind {
	case "TIMESTAMP":
		return "parse_timestamp"
	case "DATE":
		return "parse_date"
	case "DOUBLE":
		return "parse_double"
	case "BOOLEAN":
		return "parse_boolean"
	default:
		return "parse_integer"
	}
}

// valueMap tidies a text and replaces it by the source's own word for it. The
// text as it stands is looked up first: nearly always it is tidy already.
func valueMap(text string, values map[string]string) string {
	var whens []string
	for from, to := range values {
		whens = append(whens, "when "+quote(from)+" then "+quote(to))
	}
	slices.Sort(whens)
	list := strings.Join(whens, " ")
	return "case " + text + " " + list + " else case tidy_text(" + text + ") " + list + " else tidy_text(" + text + ") end end"
}

// translate replaces offices' words by the contract's values, and returns the
// columns that may still hold others. Only columns that hold any are looked at
// again: a column's distinct values are found in a sixth of the time that looking at each row takes.
func (r *run) translate(ctx context.Context, feed schema.Feed) (foreign []string, err error) {
	names := sortedKeys(feed.Domains)
	if len(names) == 0 {
		return nil, nil
	}
	table := "stage_" + feed.Name
	tests := make([]string, len(names))
	found := make([]bool, len(names))
	targets := make([]any, len(names))
	for i, name := range names {
		tests[i] = "exists(from (select distinct " + ident(name) + " as value from " + table + ") where value not in (" + quoteAll(feed.Domains[name]) + "))"
		targets[i] = &found[i]
	}
	if err := r.conn.QueryRowContext(ctx, "select "+strings.Join(tests, ", ")).Scan(targets...); err != nil {
		return nil, fmt.Errorf("look for words that are not the data contract's: %w", err)
	}
	words := standardWords()
	for i, name := range names {
		if !found[i] {
			continue
		}
		foreign = append(foreign, name)
		var whens []string
		for word, value := range words[name] {
			if slices.Contains(feed.Domains[name], value) {
				whens = append(whens, "when "+quote(word)+" then "+quote(value))
			}
		}
		if len(whens) == 0 {
			continue
		}
		slices.Sort(whens)
		update := "update " + table + " set " + ident(name) + " = case " + ident(name) + " " + strings.Join(whens, " ") + " else " + ident(name) +
			" end where " + ident(name) + " not in (" + quoteAll(feed.Domains[name]) + ")"
		if err := r.exec(ctx, update); err != nil {
			return nil, err
		}
	}
	return foreign, nil
}

func quoteAll(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return strings.Join(quoted, ", ")
}

// lineErrors reads which lines DuckDB's reader refused. Its line numbers count
// a quoted line break as none; its byte positions are exact.
func (r *run) lineErrors(ctx context.Context) ([]lineError, error) {
	rows, err := r.conn.QueryContext(ctx, `
select
  line_byte_position - 1,
  min(error_type::varchar)
from line_errors
group by line_byte_position
order by line_byte_position`)
	if err != nil {
		return nil, fmt.Errorf("read which lines are no rows: %w", err)
	}
	defer rows.Close()
	var errs []lineError
	for rows.Next() {
		var e lineError
		if err := rows.Scan(&e.start, &e.message); err != nil {
			return nil, err
		}
		errs = append(errs, e)
	}
	return errs, rows.Err()
}

// readsCSV says whether DuckDB's CSV reader reads the file or its copy.
func (s *staged) readsCSV() bool { return s.text != nil && s.format != "ndjson" }
