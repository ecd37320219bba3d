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
	"strings"
	"time"

	"github.com/jiceng/jiceng/queries/breakdown"
	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/flows"
	"github.com/jiceng/jiceng/queries/surveys"
)

// Replaced are the feeds of which an incremental run needs the rows that gave way: for each, the connection
// has a temporary table replaced_<feed> with the feed's columns.
func Replaced() []string { return []string{"cases", "satisfaction", "case_events", "activities"} }

// narrowed are the tables that an incremental run hides behind temporary ones of the same names, which hold only
// the rows that its months need. The views on them then read those.
var narrowed = []string{"case_events", "cases", "satisfaction", "data_month", "work_day", "work_minute"}

// clocks name the date by which part.stale_month places the rows of a fact, by fact and time of a pass. A pass whose
// time is the month itself is small, and is counted again whole.
func clockOf(p pass) (string, bool) {
	switch p.fact {
	case "case_fact", "case_step":
		return p.time, slices.Contains([]string{"reported_at", "closed_at", "dispatched_at", "to_dispatch_at", "settled_due_at", "cohort_at"}, p.time)
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
	return "", p.time == "month" && slices.Contains(small, p.fact)
}

// Everything marks all months as to be counted again.
func Everything(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `
delete from part.stale_month;
insert into part.stale_month
select c.clock, m.month::date
from (select unnest(['reported_at', 'closed_at', 'dispatched_at', 'to_dispatch_at', 'settled_due_at', 'cohort_at', 'repeated_at', 'backlog',
  'surveyed_at', 'happened_at', 'arrived_at', 'watched']) as clock) as c
cross join (select unnest(generate_series(timestamp '1900-01-01', timestamp '2199-12-01', interval 1 month)) as month) as m`)
	if err != nil {
		return fmt.Errorf("mark all months: %w", err)
	}
	return nil
}

// Widen ends what an incremental Run has narrowed: the views read all rows again.
func Widen(ctx context.Context, conn *sql.Conn) error {
	for _, table := range narrowed {
		if _, err := conn.ExecContext(ctx, "drop table if exists temp.main."+table); err != nil {
			return fmt.Errorf("read all rows again: %w", err)
		}
	}
	return nil
}

// changes finds out what has to be counted again: the months that changed rows touch or that the passing of time
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
		return c.narrowDown(ctx)
	}
	for _, table := range narrowed { // what was laid out to look for changes
		if err := c.exec(ctx, "drop table if exists temp.main."+table); err != nil {
			return err
		}
	}
	return Everything(ctx, c.conn)
}

// Definitions are the statements by which months are counted: these, the facts, and those of the tables that are counted
// by the same stale months.
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

// stale fills part.stale_month by what has changed, and says whether the rest can stay.
func (c *computing) stale(ctx context.Context) (bool, error) {
	var edition string
	var before, after sql.NullTime
	var load int64
	err := c.conn.QueryRowContext(ctx, `
select
  c.edition,
  c.as_of,
  c.load_id,
  (select max(value)::timestamp from snapshot_info where key = 'as_of')
from part.computed as c`).Scan(&edition, &before, &load, &after)
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
	for _, feed := range Replaced() {
		if err := c.exec(ctx, fmt.Sprintf("create temp table if not exists replaced_%[1]s as from %[1]s limit 0", feed)); err != nil {
			return false, err
		}
	}
	if err := c.exec(ctx, "create or replace temp table moment as select ?::timestamp as before, ?::timestamp as after, ?::bigint as load_id", before.Time, after.Time, load); err != nil {
		return false, err
	}
	if err := c.file("changes.sql")(ctx); err != nil {
		return false, err
	}
	// Where most months are touched, counting everything is quicker.
	var touched, all int
	if err := c.conn.QueryRowContext(ctx, `
select
  (select count(distinct month) from part.stale_month where clock in ('reported_at', 'closed_at', 'cohort_at')),
  (select count(*) from period_key where period_kind = 'month')`).Scan(&touched, &all); err != nil {
		return false, err
	}
	return 2*touched <= all, nil
}

// narrowDown hides the large feeds behind the rows that the stale months need.
func (c *computing) narrowDown(ctx context.Context) error {
	months, err := c.staleMonths(ctx)
	if err != nil {
		return err
	}
	within := func(column string, clocks ...string) string { return withinSpans(column, spansOf(months, clocks)) }
	backlog := "false"
	if all := spansOf(months, []string{"backlog"}); len(all) > 0 {
		// A case that is open at the end of some stale month.
		first, last := all[0][0].AddDate(0, 1, 0), all[len(all)-1][1]
		backlog = fmt.Sprintf("(reported_at < timestamp '%s' and closed_at >= timestamp '%s')", last.Format(time.DateOnly), first.Format(time.DateOnly))
	}
	var filled bool // a place that knows no responses need not look for those that are missing
	if err := c.conn.QueryRowContext(ctx, "select exists(from cases where first_response_at is not null)").Scan(&filled); err != nil {
		return err
	}
	// Cases that are not valid wait for nothing, and are needed in stale months only (case_fact says which they are).
	// Who was watched for as long as anybody is counts as waiting, although the case was closed, or the response given, in the end.
	silent := "false"
	if filled {
		silent = "(first_response_at is null or first_response_at > reported_at + interval 36 day) and " + within("reported_at", "watched") +
			"\n    and coalesce(status, '') not in ('rejected', 'duplicate', 'withdrawn', 'out_of_scope')"
	}
	arrivals := `load_id in (
  select l.load_id
  from load as l
  cross join (select coalesce(nullif(max(value) filter (key = 'time_zone'), ''), 'Asia/Shanghai') as name from snapshot_info) as z
  where l.loaded_at > (select min(loaded_at) from load)
    and date_trunc('month', timezone(z.name, timezone('UTC', l.loaded_at)))::date in (select month from part.stale_month where clock = 'arrived_at')
)`
	repeats := within("reported_at", "repeated_at")
	for _, statement := range []string{
		"create or replace temp table data_month as from data_month",
		`create or replace temp table narrow_survey_case as
select distinct case_id
from satisfaction
where case_id is not null
  and (` + within("surveyed_at", "surveyed_at", "happened_at") + ` or ` + arrivals + `)`,
		`create or replace temp table narrow_satisfaction as
select *
from satisfaction
where ` + within("surveyed_at", "surveyed_at", "happened_at") + `
  or ` + arrivals + `
  or case_id in (from narrow_survey_case)`,
		// What may make a report of a stale month a repeat: the same reporter, matter and place in the months before.
		`create or replace temp table narrow_repeat as
with now as (
  select distinct reporter_key, category_1, grid_code
  from cases
  where ` + repeats + `
    and reporter_key is not null
    and category_1 is not null
    and grid_code is not null
)
select c.case_id
from cases as c
semi join now as n on n.reporter_key = c.reporter_key
  and n.category_1 = c.category_1
  and n.grid_code = c.grid_code
where ` + withinSpans("c.reported_at", monthsBefore(spansOf(months, []string{"repeated_at"}), 4)),
		`create or replace temp table narrow_cases as
select *
from cases
where (closed_at is null or closed_at > (select after from moment)) and coalesce(status, '') not in ('rejected', 'duplicate', 'withdrawn', 'out_of_scope')
  or ` + backlog + `
  or ` + within("reported_at", "reported_at", "cohort_at", "repeated_at", "happened_at") + `
  or ` + within("closed_at", "closed_at", "settled_due_at", "cohort_at") + `
  or ` + within("due_at", "settled_due_at", "cohort_at") + `
  or ` + within("dispatched_at", "dispatched_at", "to_dispatch_at") + `
  or ` + within("accepted_at", "to_dispatch_at") + `
  or closed_at > reported_at + interval 360 day and ` + within("reported_at", "watched") + `
  or ` + silent + `
  or ` + arrivals + `
  or case_id in (from narrow_survey_case)
  or case_id in (from narrow_repeat)`,
		`create or replace temp table narrow_case_events as
select e.*
from case_events as e
semi join narrow_cases as c using (case_id)`,
	} {
		if err := c.exec(ctx, statement); err != nil {
			return fmt.Errorf("find the rows that changed months need: %w", err)
		}
	}
	// From here on the names mean the few rows.
	for _, table := range []string{"case_events", "satisfaction", "cases"} {
		if err := c.exec(ctx, "alter table temp.main.narrow_"+table+" rename to "+table); err != nil {
			return fmt.Errorf("find the rows that changed months need: %w", err)
		}
	}
	return nil
}

// staleMonths reads part.stale_month.
func (c *computing) staleMonths(ctx context.Context) (map[string][]time.Time, error) {
	rows, err := c.conn.QueryContext(ctx, "select clock, month from part.stale_month order by clock, month")
	if err != nil {
		return nil, fmt.Errorf("read the changed months: %w", err)
	}
	defer rows.Close()
	months := map[string][]time.Time{}
	for rows.Next() {
		var clock string
		var month time.Time
		if err := rows.Scan(&clock, &month); err != nil {
			return nil, fmt.Errorf("read the changed months: %w", err)
		}
		months[clock] = append(months[clock], month)
	}
	return months, rows.Err()
}

// spansOf joins the months of some clocks to spans without gaps: the first day, and the day after the last.
func spansOf(months map[string][]time.Time, clocks []string) [][2]time.Time {
	var all []time.Time
	for _, clock := range clocks {
		all = append(all, months[clock]...)
	}
	slices.SortFunc(all, time.Time.Compare)
	var spans [][2]time.Time
	for _, month := range all {
		next := month.AddDate(0, 1, 0)
		if n := len(spans); n > 0 && !spans[n-1][1].Before(month) {
			spans[n-1][1] = next
			continue
		}
		spans = append(spans, [2]time.Time{month, next})
	}
	return spans
}

// monthsBefore lets each span begin n months earlier.
func monthsBefore(spans [][2]time.Time, n int) [][2]time.Time {
	earlier := slices.Clone(spans)
	for i := range earlier {
		earlier[i][0] = earlier[i][0].AddDate(0, -n, 0)
	}
	return earlier
}

// withinSpans is the condition that a column lies in one of the spans.
func withinSpans(column string, spans [][2]time.Time) string {
	if len(spans) == 0 {
		return "false"
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = fmt.Sprintf("%[1]s >= timestamp '%[2]s' and %[1]s < timestamp '%[3]s'", column, s[0].Format(time.DateOnly), s[1].Format(time.DateOnly))
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

// touch finds the periods whose values are computed again: those with a month in which parts have changed, and
// those whose flags have.
func (c *computing) touch(ctx context.Context) error {
	if err := c.exec(ctx, flagsNow); err != nil {
		return fmt.Errorf("flags of the periods: %w", err)
	}
	if !c.narrow {
		return c.exec(ctx, `
insert into touched
select m.indicator_id, p.period_id
from indicator_meta as m
cross join period_key as p`)
	}
	if err := c.exec(ctx, `
insert into touched_month
select distinct i.pass, u.month
from ((from uncovered except from part.uncovered) union (from part.uncovered except from uncovered)) as u
join indicator_meta as m using (indicator)
join indicator_pass as i using (indicator_id);
insert into touched
with changed as (
  select t.pass, p.period_id
  from touched_month as t
  join month_period as p using (month)
  union
  select i.pass, k.period_id
  from ((from period_flag_now except from part.period_flag) union (from part.period_flag except from period_flag_now)) as f
  join indicator_meta as m using (indicator)
  join indicator_pass as i using (indicator_id)
  join period_key as k using (period_kind, period)
  union
  -- a month that the data had not reached, but some date had: its quarter and year have it from now on
  select i.pass, p.period_id
  from period_key as k
  anti join part.period_flag as f using (period_kind, period)
  join month_period as p on p.month = k.starts
  cross join (select distinct pass from indicator_pass) as i
  where k.period_kind = 'month'
)
select i.indicator_id, c.period_id
from changed as c
join indicator_pass as i using (pass)`); err != nil {
		return fmt.Errorf("find the periods that changed: %w", err)
	}
	return nil
}

const flagsNow = `
create or replace temp table period_flag_now as
select
  m.indicator,
  p.period_kind,
  p.period,
  p.is_partial,
  m.settles > 0 and p.days_known < m.settles as is_unsettled,
  i.indicator_id is not null as is_incomplete
from indicator_meta as m
cross join period_key as p
left join incomplete as i on i.indicator_id = m.indicator_id
  and i.period_id = p.period_id`

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
  (select coalesce(max(load_id), 0) from load)`, c.edition)
}
