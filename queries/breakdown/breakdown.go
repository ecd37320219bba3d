// Package breakdown fills the small tables behind the panels of the Empowerment
// page: what the indicators count in one number, split by who did it, at which
// level, and why it came back. The nightly run calls Run after the fact views
// exist; pages read the tables through package panels.
package breakdown

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jiceng/jiceng/queries/schema"
	"github.com/jiceng/jiceng/queries/snapshot"
)

//go:embed sql/*.sql
var statements embed.FS

// Definitions are the statements that fill the tables: a night after they changed counts every month again.
func Definitions() fs.FS { return statements }

// table is a table with the condition by which its rows are counted again; each has a file under sql/.
type table struct{ name, stale string }

// tables are the tables in the order in which they are filled.
func tables() []table {
	return []table{
		{"closing_month", snapshot.Stale("closed_at", "month", "community_code")},
		{"mediation_time", snapshot.Stale("closed_at", "month", "community_code")},
		{"answer_month", snapshot.Stale("surveyed_at", "month", "community_code")},
		{"dispatch_month", snapshot.Stale("dispatched_at", "month", "community_code")},
		{"activity_month", "true"},
	}
}

// Run fills the tables of the snapshot that conn has open for writing, and returns how many rows they have.
func Run(ctx context.Context, conn *sql.Conn) (int64, error) {
	var total int64
	if err := schema.CreateMissing(ctx, conn, "closing_month", "meta/breakdowns.sql"); err != nil {
		return 0, err
	}
	for _, table := range tables() {
		text, err := fs.ReadFile(statements, "sql/"+table.name+".sql")
		if err != nil {
			return total, fmt.Errorf("fill %s: %w", table.name, err)
		}
		if err := snapshot.ReplaceStale(ctx, conn, table.name, table.stale, string(text)); err != nil {
			return total, err
		}
		var rows int64
		if err := conn.QueryRowContext(ctx, "select count(*) from "+table.name).Scan(&rows); err != nil {
			return total, fmt.Errorf("count the rows of %s: %w", table.name, err)
		}
		total += rows
	}
	return total, nil
}
