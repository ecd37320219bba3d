// Package schema holds the tables of a snapshot: one file for each feed of
// the data contract (the rows departments deliver) and a few for what jiceng
// adds (runs, rejects, areas, indicator values). The SQL files are the only
// description of these tables; everything else (row checks, documentation,
// the researchers' schema browser) is read from them.
package schema

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

//go:embed feeds/*.sql meta/*.sql
var files embed.FS

// Feed is one feed of the data contract, as the header of its file states it.
type Feed struct {
	Name     string              // table name, e.g. "cases"
	RowIs    string              // what one row is
	Zh, En   string              // display names
	Key      []string            // columns that identify a row
	Version  string              // column whose newest value wins for the same key
	Required []string            // columns that must be filled
	Event    string              // column that dates the row, "" if none
	Personal []string            // columns that tell persons apart, kept from researchers
	Domains  map[string][]string // allowed values by column
	SQL      string              // the create table and comment statements
}

// LoadIDColumn is the column that jiceng adds to every feed: the load (file) that brought the row.
const LoadIDColumn = "load_id"

// RequiredFeeds returns the names of the feeds that every configuration must supply.
func RequiredFeeds() []string { return []string{"grids", "cases", "satisfaction"} }

// Feeds returns all feeds of the data contract, sorted by name.
func Feeds() ([]Feed, error) {
	names, err := fs.Glob(files, "feeds/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list feeds: %w", err)
	}
	var feeds []Feed
	for _, name := range names {
		f, err := readFeed(name)
		if err != nil {
			return nil, err
		}
		feeds = append(feeds, f)
	}
	return feeds, nil
}

// Comments returns the statements that put the descriptions on the feed's table and columns.
func (f Feed) Comments() string {
	_, comments, _ := strings.Cut(f.SQL, "\n);\n")
	return comments
}

func readFeed(name string) (Feed, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return Feed{}, fmt.Errorf("read feed %s: %w", name, err)
	}
	f := Feed{Domains: map[string][]string{}, SQL: string(text)}
	for _, line := range strings.Split(f.SQL, "\n") {
		rest, ok := strings.CutPrefix(line, "-- ")
		if !ok {
			break
		}
		field, value, ok := strings.Cut(rest, ": ")
		if !ok {
			return Feed{}, fmt.Errorf("feed %s: header line %q is not \"field: value\"", name, line)
		}
		if column, ok := strings.CutPrefix(field, "domain "); ok {
			f.Domains[column] = splitList(value)
			continue
		}
		switch field {
		case "feed":
			f.Name = value
		case "one row is":
			f.RowIs = value
		case "key":
			f.Key = splitList(value)
		case "version":
			f.Version = value
		case "required":
			f.Required = splitList(value)
		case "event":
			f.Event = value
		case "personal":
			f.Personal = splitList(value)
		case "zh":
			f.Zh = value
		case "en":
			f.En = value
		default:
			return Feed{}, fmt.Errorf("feed %s: unknown header field %q", name, field)
		}
	}
	if want := strings.TrimSuffix(path.Base(name), ".sql"); f.Name != want {
		return Feed{}, fmt.Errorf("feed %s: header says %q", name, f.Name)
	}
	return f, nil
}

func splitList(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// Version identifies the tables: two snapshots of the same version have the same ones.
func Version() string {
	hash := sha256.New()
	names, err := fs.Glob(files, "*/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err) // the files are embedded
		}
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// Execer runs statements; *sql.DB, *sql.Conn and *sql.Tx all do.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Create makes every table of a snapshot, empty.
func Create(ctx context.Context, db Execer) error {
	names, err := fs.Glob(files, "*/*.sql")
	if err != nil {
		return fmt.Errorf("list schema files: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read schema file %s: %w", name, err)
		}
		if _, err := db.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("create the tables of %s: %w", name, err)
		}
	}
	return nil
}

// CreateMissing makes the tables of one file ("meta/indices.sql") in a snapshot
// that was copied from one built before the file existed; table is one of them.
func CreateMissing(ctx context.Context, conn *sql.Conn, table, file string) error {
	var found int
	if err := conn.QueryRowContext(ctx, "select count(*) from duckdb_tables() where table_name = ? and not temporary", table).Scan(&found); err != nil {
		return fmt.Errorf("look for the table %s: %w", table, err)
	}
	if found > 0 {
		return nil
	}
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return fmt.Errorf("read schema file %s: %w", file, err)
	}
	if _, err := conn.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("create the tables of %s: %w", file, err)
	}
	return nil
}
