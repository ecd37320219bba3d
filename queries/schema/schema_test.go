package schema_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/schema"
)

func TestEveryFeedHasAHeaderThatFitsItsTable(t *testing.T) {
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := schema.Create(ctx, db); err != nil {
		t.Fatal(err)
	}
	feeds, err := schema.Feeds()
	if err != nil {
		t.Fatal(err)
	}
	if len(feeds) != 12 {
		t.Fatalf("the data contract has 12 feeds, got %d", len(feeds))
	}
	for _, f := range feeds {
		columns := columnsOf(t, db, f.Name)
		named := slices.Concat(f.Key, f.Required, []string{f.Version, schema.LoadIDColumn})
		for column := range f.Domains {
			named = append(named, column)
		}
		if f.Event != "" {
			named = append(named, f.Event)
		}
		for _, column := range named {
			comment, ok := columns[column]
			if !ok {
				t.Errorf("%s: header names column %q, which the table lacks", f.Name, column)
			}
			if !strings.Contains(comment, " | ") {
				t.Errorf("%s.%s: comment %q lacks one of zh and en", f.Name, column, comment)
			}
		}
		if f.Zh == "" || f.En == "" || f.RowIs == "" {
			t.Errorf("%s: header lacks a name or what one row is", f.Name)
		}
	}
	for _, name := range schema.RequiredFeeds() {
		if !slices.ContainsFunc(feeds, func(f schema.Feed) bool { return f.Name == name }) {
			t.Errorf("required feed %s has no file", name)
		}
	}
}

func columnsOf(t *testing.T, db *sql.DB, table string) map[string]string {
	t.Helper()
	rows, err := db.Query("select column_name, coalesce(comment, '') from duckdb_columns() where table_name = ?", table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns := map[string]string{}
	for rows.Next() {
		var name, comment string
		if err := rows.Scan(&name, &comment); err != nil {
			t.Fatal(err)
		}
		columns[name] = comment
	}
	return columns
}
