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

	"github.com/jiceng/jiceng/queries/catalogue"
)

// Audience is readers who may see the same of a snapshot's pages.
type Audience struct {
	Subdistrict string // the one subdistrict that they see; "" for all
	Threshold   int    // smallest count of cases or answers that they see; 0 for any
}

// All says that nothing is kept from this audience's pages.
func (a Audience) All() bool { return a == Audience{} }

// House is one snapshot file prepared for all audiences that share a threshold:
// what is suppressed is found once, since it does not depend on the subdistrict.
type House struct {
	connector *duckdb.Connector
	path      string
}

// Prepare opens a snapshot file for the audiences with a threshold: every table and
// view under its own name, without small counts. Personal columns stay, since
// jiceng's own pages count persons and show none.
func Prepare(ctx context.Context, path string, threshold, threads int) (*House, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("open the snapshot for an audience: %w", err)
	}
	h := &House{connector, path}
	db := h.For("")
	if err := prepare(ctx, db, path, threshold, threads); err != nil {
		return nil, errors.Join(err, db.Close(), h.Close())
	}
	return h, db.Close()
}

// For returns a database whose connections see one subdistrict, or everything where
// it is "". It is closed by itself, before the house.
func (h *House) For(subdistrict string) *sql.DB {
	return sql.OpenDB(confined{h.connector, Confine(subdistrict)})
}

// Close closes the house.
func (h *House) Close() error { return h.connector.Close() }

// confined makes connections that see one subdistrict.
type confined struct {
	house     *duckdb.Connector
	statement string
}

// Connect implements driver.Connector.
func (c confined) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.house.Connect(ctx)
	if err != nil {
		return nil, err
	}
	// a connection that could not be confined would see everything
	executor, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.Join(errors.New("this connection cannot be confined"), conn.Close())
	}
	if _, err := executor.ExecContext(ctx, c.statement, nil); err != nil {
		return nil, errors.Join(fmt.Errorf("confine a connection: %w", err), conn.Close())
	}
	return conn, nil
}

// Driver implements driver.Connector.
func (c confined) Driver() driver.Driver { return c.house.Driver() }

func prepare(ctx context.Context, db *sql.DB, path string, threshold, threads int) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open the snapshot for an audience: %w", err)
	}
	defer conn.Close()
	c := connection{conn}
	// What is suppressed is found on one thread, so that pages of the snapshot that is still served are not held up.
	if err := c.Exec(ctx, "set threads = 1"); err != nil {
		return err
	}
	if _, err = Build(ctx, c, path, Options{Personal: true, Threshold: threshold}); err != nil {
		return err
	}
	if threads > 0 {
		return c.Exec(ctx, "set threads = "+strconv.Itoa(threads))
	}
	return c.Exec(ctx, "reset threads")
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
	exposures, err := exposures()
	if err != nil {
		return err
	}
	fill := strings.NewReplacer("{{threshold}}", strconv.Itoa(threshold), "{{exposures}}", exposures)
	for _, name := range []string{"suppressed", "member"} {
		statement, err := view(name)
		if err != nil {
			return err
		}
		if err := db.Exec(ctx, fill.Replace(statement)); err != nil {
			return fmt.Errorf("suppress small counts: %s: %w", name, err)
		}
	}
	statement, err := view("complement")
	if err != nil {
		return err
	}
	statement = fill.Replace(statement)
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

// exposures lists the indicators of which the numerator counts, as SQL texts.
func exposures() (string, error) {
	all, err := catalogue.Load()
	if err != nil {
		return "", err
	}
	list := "''" // so that the list is never empty
	for _, ind := range all {
		if ind.Exposure {
			list += ", '" + strings.ReplaceAll(ind.Code, "'", "''") + "'"
		}
	}
	return list, nil
}

func view(name string) (string, error) {
	text, err := fs.ReadFile(files, "views/"+name+".sql")
	if err != nil {
		return "", fmt.Errorf("view %s: %w", name, err)
	}
	return string(text), nil
}
