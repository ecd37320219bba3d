package snapshot

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"

	"github.com/duckdb/duckdb-go/v2"
)

// Append adds rows (values in the order of the columns) to a table of the
// database that conn has open for writing (catalogue ""), or to a temporary one
// ("temp"). NaN and infinities become null.
func Append[R ~[]any](ctx context.Context, conn *sql.Conn, catalogue, table string, rows []R) error {
	return appendRows(ctx, conn, catalogue, table, rows, func(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) })
}

// AppendInfinite is Append for columns in which an infinity is a value: only NaN becomes
// null.
func AppendInfinite[R ~[]any](ctx context.Context, conn *sql.Conn, catalogue, table string, rows []R) error {
	return appendRows(ctx, conn, catalogue, table, rows, math.IsNaN)
}

func appendRows[R ~[]any](ctx context.Context, conn *sql.Conn, catalogue, table string, rows []R, missing func(float64) bool) error {
	if len(rows) == 0 {
		return nil
	}
	return conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), catalogue, "", table)
		if err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		values := make([]driver.Value, len(rows[0]))
		for i, r := range rows {
			if i%4096 == 0 && ctx.Err() != nil {
				a.Close()
				return ctx.Err()
			}
			for j, x := range r {
				if f, ok := x.(float64); ok && missing(f) {
					x = nil
				}
				values[j] = x
			}
			if err := a.AppendRow(values...); err != nil {
				a.Close()
				return fmt.Errorf("append to %s: %w", table, err)
			}
		}
		if err := a.Close(); err != nil {
			return fmt.Errorf("append to %s: %w", table, err)
		}
		return nil
	})
}
