package snapshot_test

import (
	"database/sql"
	"math"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/snapshot"
)

// connect opens a database in memory.
func connect(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// An interval that a test refuses nothing of is infinite, and must not be read as one that
// could not be computed.
func TestOnlyAppendInfiniteKeepsInfinities(t *testing.T) {
	conn := connect(t)
	if _, err := conn.ExecContext(t.Context(), "create table t (low double, high double, n integer)"); err != nil {
		t.Fatal(err)
	}
	rows := [][]any{{math.Inf(-1), math.NaN(), 3}}
	if err := snapshot.AppendInfinite(t.Context(), conn, "", "t", rows); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Append(t.Context(), conn, "", "t", rows); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := conn.QueryRowContext(t.Context(), "select string_agg(concat_ws(' ', coalesce(low::varchar, 'null'), coalesce(high::varchar, 'null'), n), ', ') from t").Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := "-inf null 3, null null 3"; got != want {
		t.Errorf("stored %s, want %s", got, want)
	}
}
