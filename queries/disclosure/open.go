package disclosure

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Audience is readers who may see the same of a snapshot's pages.
type Audience struct {
	Subdistrict string // the one subdistrict that they see; "" for all
	Threshold   int    // smallest count of cases or answers that they see; 0 for any
}

// All says that nothing is kept from this audience's pages.
func (a Audience) All() bool { return a == Audience{} }

// Open opens a snapshot file as the audience may see it: every table and view
// under its own name, with the rows of one subdistrict and without small counts.
// Personal columns stay, since jiceng's own pages count persons and show none.
func Open(ctx context.Context, path string, a Audience, threads int) (*sql.DB, error) {
	connector, err := duckdb.NewConnector("", func(c driver.ExecerContext) error {
		_, err := c.ExecContext(ctx, Confine(a.Subdistrict), nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the snapshot for an audience: %w", err)
	}
	db := sql.OpenDB(connector)
	if err := prepare(ctx, db, path, a, threads); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func prepare(ctx context.Context, db *sql.DB, path string, a Audience, threads int) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the snapshot for an audience: %w", err)
	}
	defer conn.Close()
	c := connection{conn}
	if threads > 0 {
		if err := c.Exec(ctx, "set threads = "+strconv.Itoa(threads)); err != nil {
			return err
		}
	}
	_, err = Build(ctx, c, path, Options{Personal: true, Threshold: a.Threshold})
	return err
}

// connection is one connection of database/sql as a Database.
type connection struct{ *sql.Conn }

func (c connection) Exec(ctx context.Context, statement string) error {
	_, err := c.ExecContext(ctx, statement)
	return err
}

func (c connection) Strings(ctx context.Context, statement string) ([][]string, error) {
	rows, err := c.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]string
	for rows.Next() {
		fields, targets := make([]string, len(names)), make([]any, len(names))
		for i := range fields {
			targets[i] = &fields[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		all = append(all, fields)
	}
	return all, rows.Err()
}

// suppress lists the cells that are not shown: those below the threshold, and
// as many more as it takes that no sum of parts has exactly one hidden cell,
// which anybody could work out from the others.
func suppress(ctx context.Context, db Database, threshold int) error {
	for _, name := range []string{"suppressed", "member"} {
		statement, err := view(name)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, strings.ReplaceAll(statement, "{{threshold}}", strconv.Itoa(threshold))); err != nil {
			return fmt.Errorf("suppress small counts: %s: %w", name, err)
		}
	}
	statement, err := view("complement")
	if err != nil {
		return err
	}
	hidden := ""
	for {
		rows, err := db.Strings(ctx, "select count(*)::varchar from suppressed")
		if err != nil {
			return fmt.Errorf("suppress small counts: %w", err)
		}
		if rows[0][0] == hidden {
			return db.Exec(ctx, "drop table member")
		}
		hidden = rows[0][0]
		if err := db.Exec(ctx, statement); err != nil {
			return fmt.Errorf("suppress the cells that would give small counts away: %w", err)
		}
	}
}

func view(name string) (string, error) {
	text, err := fs.ReadFile(files, "views/"+name+".sql")
	if err != nil {
		return "", fmt.Errorf("view %s: %w", name, err)
	}
	return string(text), nil
}
