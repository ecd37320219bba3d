package snapshot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Replace makes of a table, in the database that conn has open for writing, what a query yields (the table's columns, in their order):
// all rows of the table, or those that a condition chooses; "" chooses all, and is the quicker way where most differ. Of the chosen rows
// only those that differ are taken out and put in: what is left alone needs not be written again. Rows are told apart by a hash of 64
// bits, and no two may be alike. The query is asked while the old rows are there, unless all are chosen; conn must not be within a transaction.
func Replace(ctx context.Context, conn *sql.Conn, table, where, query string) error {
	query = strings.TrimSuffix(strings.TrimSpace(query), ";")
	statements := []string{
		"delete from " + table,
		"insert into " + table + "\n" + query,
	}
	if where != "" {
		statements = []string{
			"create or replace temp table replacement as from " + table + " limit 0",
			"insert into replacement\n" + query,
			"create or replace temp table replaced as\nselect\n  rowid as row,\n  hash(*columns(*)) as print\nfrom " + table + "\nwhere " + where,
			`create or replace temp table renewed as
select
  rowid as row,
  hash(*columns(*)) as print
from replacement`,
			"delete from " + table + `
where rowid in (
  select r.row
  from replaced as r
  anti join renewed as n using (print)
)`,
			"insert into " + table + `
from replacement
where rowid in (
  select n.row
  from renewed as n
  anti join replaced as r using (print)
)`,
			"drop table replacement",
			"drop table replaced",
			"drop table renewed",
		}
	}
	// In one transaction, so that a row stays where it was found.
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return fmt.Errorf("renew %s: %w", table, err)
	}
	for _, statement := range append(statements, "commit") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			_, undone := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
			return fmt.Errorf("renew %s: %w", table, errors.Join(err, undone))
		}
	}
	return nil
}

// ReplaceStale is Replace for a table that is counted by the cells of part.stale_cell: the condition says which rows lie in these. A run
// that counts everything again has no such cells, and chooses all rows.
func ReplaceStale(ctx context.Context, conn *sql.Conn, table, where, query string) error {
	var some bool
	if err := conn.QueryRowContext(ctx, "select exists(from part.stale_cell)").Scan(&some); err != nil {
		return fmt.Errorf("renew %s: %w", table, err)
	}
	if !some {
		where = ""
	}
	return Replace(ctx, conn, table, where, query)
}

// Stale is the condition that a row, dated by happened, lies in a cell of part.stale_cell by the named clock.
func Stale(clock, happened, area string) string {
	return fmt.Sprintf("%s >= %s\n  and part.is_stale('%s', %[1]s, %[4]s)", happened, StaleSince(clock), clock, area)
}

// StaleSince is the first month of part.stale_cell by some clocks, as an expression that is a constant to the connection that computed
// (compute/sql/stale.sql), so that a scan passes by the blocks of rows before; to another it is a day before all others.
func StaleSince(clocks ...string) string {
	firsts := make([]string, len(clocks))
	for i, clock := range clocks {
		firsts[i] = "getvariable('stale_since')['" + clock + "']"
	}
	return "coalesce(least(" + strings.Join(firsts, ", ") + "), date '0001-01-01')"
}
