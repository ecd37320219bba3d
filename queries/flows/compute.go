// Package flows counts how cases move: how long they take, what waits, which way
// they go, how far up they rise and when they come.
//
// The nightly run calls Run, which fills the tables of
// queries/schema/meta/flows.sql; pages ask only those small tables (ask.go).
package flows

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed compute/*.sql
var statements embed.FS

// Definitions are the statements that fill the tables: a night after they changed counts every month again.
func Definitions() fs.FS { return statements }

// laidOut are the temporary tables in which Number lays the cases out, and those that it makes them of.
func laidOut() []string {
	return []string{"flow_case", "flow_moved", "flow_word", "flow_subdistrict", "flow_community", "flow_place", "came_case", "gone_case"}
}

// Number lays the valid cases of the case_fact view out as numbers, in temporary tables of the connection
// (compute/cases.sql), which Run counts and Forget drops. Where only what has changed is counted (part.stale_cell), the connection
// has temporary tables with the columns of case_fact: came_case, the cases that are counted now and were not, or differently, and
// gone_case, what they were counted as.
func Number(ctx context.Context, conn *sql.Conn) error {
	const none = `
create temp table if not exists came_case as from case_fact limit 0;
create temp table if not exists gone_case as from case_fact limit 0`
	if _, err := conn.ExecContext(ctx, none); err != nil {
		return fmt.Errorf("lay the cases out as numbers: %w", err)
	}
	return run(ctx, conn, "cases")
}

// Forget drops what Number laid out, if it is there.
func Forget(ctx context.Context, conn *sql.Conn) error {
	for _, table := range laidOut() {
		if _, err := conn.ExecContext(ctx, "drop table if exists temp.main."+table); err != nil {
			return fmt.Errorf("drop the cases as numbers: %w", err)
		}
	}
	return nil
}

// table is a table, the file that counts it, and the condition by which its rows are counted again.
type table struct{ name, file, stale string }

func tables() []table {
	// those that still wait are a day older, in all months in which anybody is watched
	watched := "month >= " + snapshot.StaleSince("reported_at", "watched") + `
  and (
    part.is_stale('reported_at', month, community_code)
    or open > 0
      and part.is_stale('watched', month, community_code)
  )`
	return []table{
		{"case_speed_month", "speed", watched},
		{"case_backlog_month", "backlog", snapshot.Stale("backlog", "month", "community_code")},
		{"case_way_month", "ways", snapshot.Stale("closed_at", "month", "community_code")},
		{"case_rise_month", "rises", snapshot.Stale("closed_at", "month", "community_code")},
		{"case_hour_month", "hours", "is_changed_hour(cut, month, subdistrict_code, community_code, cut_value, weekday, hour)"},
	}
}

func run(ctx context.Context, conn *sql.Conn, name string) error {
	text, err := fs.ReadFile(statements, "compute/"+name+".sql")
	if err != nil {
		return fmt.Errorf("count the ways of cases: %w", err)
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("count the ways of cases: %s.sql: %w", name, err)
	}
	return nil
}

// Run fills the tables from the cases as numbers, in the database that conn has open for writing, and returns their
// rows. The numbers of the step before (Number) are taken, if they are there, and dropped.
func Run(ctx context.Context, conn *sql.Conn) (rows int64, err error) {
	var numbered bool
	const ask = "select exists(from duckdb_tables() where temporary and table_name = 'flow_case')"
	if err := conn.QueryRowContext(ctx, ask).Scan(&numbered); err != nil {
		return 0, fmt.Errorf("count the ways of cases: %w", err)
	}
	if !numbered {
		if err := Number(ctx, conn); err != nil {
			return 0, err
		}
	}
	if err := run(ctx, conn, "hour_change"); err != nil {
		return 0, err
	}
	for _, t := range tables() {
		text, err := fs.ReadFile(statements, "compute/"+t.file+".sql")
		if err != nil {
			return 0, fmt.Errorf("count the ways of cases: %w", err)
		}
		if err := snapshot.ReplaceStale(ctx, conn, t.name, t.stale, string(text)); err != nil {
			return 0, fmt.Errorf("count the ways of cases: %w", err)
		}
	}
	if _, err := conn.ExecContext(ctx, "drop table temp.main.flow_hour; drop table temp.main.changed_hour"); err != nil {
		return 0, fmt.Errorf("count the ways of cases: %w", err)
	}
	if err := Forget(ctx, conn); err != nil {
		return 0, err
	}
	const counted = `
select
  (select count(*) from case_speed_month) + (select count(*) from case_backlog_month) + (select count(*) from case_way_month)
  + (select count(*) from case_rise_month) + (select count(*) from case_hour_month)`
	if err := conn.QueryRowContext(ctx, counted).Scan(&rows); err != nil {
		return 0, fmt.Errorf("count the ways of cases: %w", err)
	}
	return rows, nil
}
