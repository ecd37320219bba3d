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
)

//go:embed sql/*.sql
var statements embed.FS

// Definitions are the statements that fill the tables: a night after they changed counts every month again.
func Definitions() fs.FS { return statements }

// tables are the tables in the order in which they are filled; each has a file under sql/.
func tables() []string {
	return []string{"closing_month", "mediation_time", "answer_month", "dispatch_month", "activity_month"}
}

// Run fills the tables of the snapshot that conn has open for writing, and returns how many rows they have.
func Run(ctx context.Context, conn *sql.Conn) (int64, error) {
	var total int64
	if err := schema.CreateMissing(ctx, conn, "closing_month", "meta/breakdowns.sql"); err != nil {
		return 0, err
	}
	for _, table := range tables() {
		text, err := fs.ReadFile(statements, "sql/"+table+".sql")
		if err != nil {
			return total, fmt.Errorf("fill %s: %w", table, err)
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return total, fmt.Errorf("fill %s: %w", table, err)
		}
		var rows int64
		if err := conn.QueryRowContext(ctx, "select count(*) from "+table).Scan(&rows); err != nil {
			return total, fmt.Errorf("count the rows of %s: %w", table, err)
		}
		total += rows
	}
	return total, nil
}
