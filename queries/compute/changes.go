package compute

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jiceng/jiceng/queries/breakdown"
	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/surveys"
)

// Replaced are the feeds of which an incremental run needs the rows that gave way: for each, the connection
// has a temporary table replaced_<feed> with the feed's columns.
func Replaced() []string { return []string{"cases", "satisfaction", "case_events", "activities"} }

// Daily are the feeds whose rows part.feed_day counts by day: those that bring new ones every month.
func Daily() []string {
	return []string{"cases", "satisfaction", "case_events", "activities", "training", "appraisals"}
}

// hidden are the tables and views that a run hides behind temporary ones of the same names; the views on them then read
// those. An incremental run's hold only the rows that its cells need.
var hidden = []string{"case_events", "cases", "satisfaction", "data_month", "repeat_fact", "survey_fact", "work_day", "work_minute", "grid_month"}

// clockOf names the date by which part.stale_cell places the rows of a fact, by fact and time of a pass.
func clockOf(p pass) (string, bool) {
	switch p.fact {
	case "case_fact", "case_step":
		return p.time, slices.Contains([]string{"reported_at", "closed_at", "dispatched_at", "to_dispatch_at", "settled_due_at", "cohort_at"}, p.time)
	case "agreement_fact":
		return "agreed_at", p.time == "closed_at"
	case "repeat_fact":
		return "repeated_at", p.time == "reported_at"
	case "survey_fact":
		return "surveyed_at", p.time == "surveyed_at"
	case "survey_repair":
		return "surveyed_at", p.time == "asked_again_at"
	case "record_fact":
		return "happened_at", p.time == "happened_at"
	case "arrival_fact":
		return "arrived_at", p.time == "arrived_at"
	}
	// These are made of small tables, or of what is counted by month already.
	small := []string{"grid_month", "community_month", "staff_month", "appraisal_pair"}
	return "month", p.time == "month" && slices.Contains(small, p.fact)
}

// Everything marks everything as to be counted again.
func Everything(ctx context.Context, conn *sql.Conn) error {
	text, err := fs.ReadFile(statements, "sql/everything.sql")
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("mark everything as to be counted: %w", err)
	}
	return nil
}

// Widen ends what a Run has hidden: the views read all rows again.
func Widen(ctx context.Context, conn *sql.Conn) error {
	for _, table := range hidden {
		if _, err := conn.ExecContext(ctx, "drop table if exists temp.main."+table); err != nil {
			return fmt.Errorf("read all rows again: %w", err)
		}
	}
	return flows.Forget(ctx, conn)
}

// feeds counts what the feeds brought. A run after another adds what came since and takes away what gave way.
func (c *computing) feeds(ctx context.Context) error {
	for _, feed := range Replaced() {
		if err := c.exec(ctx, fmt.Sprintf("create temp table if not exists replaced_%[1]s as from %[1]s limit 0", feed)); err != nil {
			return err
		}
	}
	counted := "-1"
	if c.opt.Incremental {
		counted = "coalesce((select max(load_id) from part.computed), -1)"
	}
	if err := c.exec(ctx, "set variable feeds_counted = ("+counted+")"); err != nil {
		return err
	}
	return c.file("feed_day.sql", "feed_month.sql")(ctx)
}

// changes finds out what has to be counted again: the months and communities that changed rows touch or that the passing of time
// touches, or everything, when the last run counted by other definitions, on other areas, or after this one's end.
func (c *computing) changes(ctx context.Context) error {
	var err error
	if c.known, err = c.withData(ctx); err != nil {
		return err
	}
	if c.edition, err = c.fingerprint(ctx); err != nil {
		return err
	}
	for _, p := range passes(c.known, false) {
		for _, ind := range p.indicators {
			if err := c.exec(ctx, "insert into indicator_pass values (?, ?)", c.id(ind), p.table()); err != nil {
				return err
			}
		}
	}
	for _, cv := range curves(c.known) {
		for _, ind := range cv.indicators {
			if err := c.exec(ctx, "insert into indicator_pass values (?, ?)", c.id(ind), cv.name()); err != nil {
				return err
			}
		}
	}
	if c.opt.Incremental {
		if c.narrow, err = c.stale(ctx); err != nil {
			return err
		}
	}
	if c.narrow {
		return c.file("stale.sql", "narrow.sql")(ctx)
	}
	if err := Widen(ctx, c.conn); err != nil { // what was laid out to look for changes
		return err
	}
	if err := Everything(ctx, c.conn); err != nil {
		return err
	}
	return c.file("days.sql", "live.sql", "lasting.sql")(ctx)
}

// Definitions are the statements by which cells are counted: these, the facts, and those of the tables that are counted
// by the same stale cells.
func Definitions() []fs.FS {
	return []fs.FS{statements, facts.Files, breakdown.Definitions(), flows.Definitions(), surveys.Definitions()}
}

// fingerprint tells whether this run counts by the same definitions, settings and areas as another.
func (c *computing) fingerprint(ctx context.Context) (string, error) {
	h := sha256.New()
	for _, files := range Definitions() {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, path)
			fmt.Fprintln(h, path, string(text))
			return err
		})
		if err != nil {
			return "", err
		}
	}
	for _, ind := range c.known {
		if ind.Kind.Whole() {
			continue // always computed whole
		}
		text, err := json.Marshal(ind)
		if err != nil {
			return "", fmt.Errorf("indicator %s: %w", ind.Code, err)
		}
		fmt.Fprintln(h, string(text))
	}
	for _, p := range passes(c.known, false) {
		fmt.Fprintln(h, p.count(""), p.months(0), p.areas(), p.periods(0))
	}
	for _, cv := range curves(c.known) {
		fmt.Fprintln(h, cv.recount())
	}
	var data string
	err := c.conn.QueryRowContext(ctx, `
select concat_ws(' ',
  (select bit_xor(hash(grid_code, community_code, subdistrict_code, valid_from, valid_to)) from grids),
  (select bit_xor(hash(date, is_workday)) from calendar),
  (select exists(from cases where first_response_at is not null)),
  (select bit_xor(hash(key, value)) from snapshot_info where key not in ('snapshot', 'as_of', 'built_at')),
  (select bit_xor(hash(geo_level, geo_code)) from area_key),
  (select min(starts) from period_key))`).Scan(&data)
	if err != nil {
		return "", fmt.Errorf("fingerprint of settings and areas: %w", err)
	}
	fmt.Fprintln(h, data)
	return hex.EncodeToString(h.Sum(nil))[:32], nil
}

// mapPrint is a fingerprint of the boundaries.
const mapPrint = `
select coalesce(bit_xor(hash(b.geo_level, b.geo_code, b.geometry, a.in_force))::varchar, '')
from boundaries as b
left join area as a using (geo_level, geo_code)`

// stale fills part.stale_cell by what has changed, and says whether the rest can stay.
func (c *computing) stale(ctx context.Context) (bool, error) {
	var edition string
	var before, after, first, last sql.NullTime
	var load int64
	err := c.conn.QueryRowContext(ctx, `
select
  c.edition,
  c.as_of,
  c.load_id,
  (select max(value)::timestamp from snapshot_info where key = 'as_of'),
  c.first_day,
  c.last_day
from part.computed as c`).Scan(&edition, &before, &load, &after, &first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("what was counted last: %w", err)
	}
	if edition != c.edition || !before.Valid || !after.Valid || after.Time.Before(before.Time) {
		return false, nil
	}
	for _, p := range passes(c.known, false) {
		if _, ok := clockOf(p); !ok {
			return false, nil
		}
	}
	const moment = `
create or replace temp table moment as
select
  ?::timestamp as before,
  ?::timestamp as after,
  ?::bigint as load_id,
  ?::timestamp as first_day,
  ?::timestamp as last_day`
	if err := c.exec(ctx, moment, before.Time, after.Time, load, first, last); err != nil {
		return false, err
	}
	if err := c.file("known_days.sql", "days.sql", "shown_days.sql", "live.sql", "changes.sql")(ctx); err != nil {
		return false, err
	}
	for _, cv := range curves(c.known) {
		if err := c.spread(ctx, cv); err != nil {
			return false, fmt.Errorf("indicator %s: %w", cv.name(), err)
		}
	}
	// Where most of it is touched, counting everything is quicker.
	var touched, all int
	if err := c.conn.QueryRowContext(ctx, `
select
  (select count(*) from (select distinct month, area_code from part.stale_cell where clock in ('reported_at', 'closed_at', 'cohort_at'))),
  (select count(*) from period_key where period_kind = 'month') * (select count(distinct community_code) + 1 from grids)`).Scan(&touched, &all); err != nil {
		return false, err
	}
	return 2*touched <= all, nil
}

// touch finds the periods whose values are computed again.
func (c *computing) touch(ctx context.Context) error {
	if c.narrow {
		return c.file("touched.sql")(ctx)
	}
	return c.exec(ctx, `
insert into touched
select m.indicator_id, p.period_id
from indicator_meta as m
cross join period_key as p`)
}

// remember writes down what this run has counted, for the next one.
func (c *computing) remember(ctx context.Context) error {
	if err := c.exec(ctx, `
delete from part.period_flag;
insert into part.period_flag from period_flag_now order by all;
delete from part.uncovered;
insert into part.uncovered from uncovered order by all;
delete from part.computed`); err != nil {
		return err
	}
	return c.exec(ctx, `
insert into part.computed
select
  ?,
  (`+mapPrint+`),
  (select max(value)::timestamp from snapshot_info where key = 'as_of'),
  (select coalesce(max(load_id), 0) from load),
  (select min(date) from work_day),
  (select max(date) from work_day)`, c.edition)
}
