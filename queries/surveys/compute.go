// Package surveys asks whether residents are content, and whether what they were
// asked can be trusted.
//
// The nightly run calls Run, which counts the survey contacts once by month and grid;
// pages ask that small table (ask.go). funnel.go compares areas with each other and
// says which answers look steered.
package surveys

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

// Run fills survey_month from the survey_fact view, in the database that conn has open
// for writing, and returns its rows.
func Run(ctx context.Context, conn *sql.Conn) (rows int64, err error) {
	text, err := fs.ReadFile(statements, "compute/survey_month.sql")
	if err != nil {
		return 0, fmt.Errorf("count surveys: %w", err)
	}
	if err := snapshot.ReplaceStale(ctx, conn, "survey_month", snapshot.Stale("surveyed_at", "month", "community_code"), string(text)); err != nil {
		return 0, fmt.Errorf("count surveys: %w", err)
	}
	if err := conn.QueryRowContext(ctx, "select count(*) from survey_month").Scan(&rows); err != nil {
		return 0, fmt.Errorf("count surveys: %w", err)
	}
	return rows, nil
}
