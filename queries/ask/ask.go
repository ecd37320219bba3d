// Package ask runs questions that stand in files: one .sql file, its parameters,
// and where each column of a row goes.
package ask

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
)

// Rows runs the question in files and returns its rows in order. fields says where
// the columns of one row go. Errors name the question.
func Rows[T any](ctx context.Context, db *sql.DB, files fs.FS, name string, fields func(*T) []any, args ...any) ([]T, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("question %s: %w", name, err)
	}
	rows, err := db.QueryContext(ctx, string(text), args...)
	if err != nil {
		return nil, fmt.Errorf("question %s: %w", name, err)
	}
	defer rows.Close()
	var all []T
	var one, empty T
	into := fields(&one) // once: some questions have thousands of rows
	for rows.Next() {
		one = empty
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("question %s: %w", name, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("question %s: %w", name, err)
	}
	return all, nil
}
