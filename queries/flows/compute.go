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
)

//go:embed compute/*.sql
var statements embed.FS

// Definitions are the statements that fill the tables: a night after they changed counts every month again.
func Definitions() fs.FS { return statements }

// Run fills the tables from the case_fact view, in the database that conn has open
// for writing, and returns their rows. The cases are read once, as numbers.
func Run(ctx context.Context, conn *sql.Conn) (rows int64, err error) {
	for _, name := range []string{"cases", "speed", "backlog", "ways", "rises", "hours"} {
		text, err := fs.ReadFile(statements, "compute/"+name+".sql")
		if err != nil {
			return 0, fmt.Errorf("count the ways of cases: %w", err)
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return 0, fmt.Errorf("count the ways of cases: %s.sql: %w", name, err)
		}
	}
	for _, table := range []string{"flow_case", "flow_word", "flow_subdistrict", "flow_community", "flow_place"} {
		if _, err := conn.ExecContext(ctx, "drop table temp.main."+table); err != nil {
			return 0, fmt.Errorf("count the ways of cases: %w", err)
		}
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
