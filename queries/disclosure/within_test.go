package disclosure

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/facts/factstest"
)

// Every audience is shown the same rows by the statement that reads less as by its view of the fact: in a snapshot
// of its own, with small counts left out, and confined to a subdistrict, of which a grid came from the other.
func TestAnAudienceIsShownTheSameWithinSpansAsByItsViews(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "untidy.duckdb")
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := factstest.Fill(ctx, whole); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err = sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	readers := map[string]*sql.DB{
		"who sees all":    whole,
		"small counts":    openFor(t, path, Audience{Threshold: 5}),
		"one subdistrict": openFor(t, path, Audience{Subdistrict: "s1", Threshold: 5}),
	}
	march := facts.Span{First: "timestamp '2026-03-01'", End: "timestamp '2026-04-01'"}
	for name, db := range readers {
		for _, d := range factstest.Dated() {
			columns := columnsShown(t, db, d.Fact)
			source, err := Within(ctx, db, d.Fact, columns, d.Time, march)
			if err != nil {
				t.Fatal(name, d, err)
			}
			if source == d.Fact {
				t.Errorf("%s: %v reads the whole view", name, d)
			}
			list := strings.Join(columns, ", ")
			where := " where " + d.Time + " >= '2026-03-01' and " + d.Time + " < '2026-04-01'"
			var rows, missing, added, elsewhere int
			err = db.QueryRowContext(ctx, `
with whole as (select `+list+` from main.`+d.Fact+where+`),
narrow as (select * from `+source+where+`)
select
  (select count(*) from whole),
  (select count(*) from (from whole except all from narrow)),
  (select count(*) from (from narrow except all from whole)),
  (select count(*) from narrow where subdistrict_code is distinct from 's1')`).Scan(&rows, &missing, &added, &elsewhere)
			if err != nil {
				t.Fatal(name, d, err)
			}
			if rows < 10 || missing > 0 || added > 0 {
				t.Errorf("%s: %v: of %d rows %d are missing, %d are others", name, d, rows, missing, added)
			}
			if confined := name == "one subdistrict"; confined != (elsewhere == 0) {
				t.Errorf("%s: %v: %d rows lie elsewhere", name, d, elsewhere)
			}
		}
	}
}

// A column that the reader's view does not have is not in the statement either.
func TestWhatAViewLeavesOutIsLeftOutWithinSpans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "untidy.duckdb")
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := factstest.Fill(context.Background(), whole); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := Build(context.Background(), connOf(t, db), path, Options{}); err != nil {
		t.Fatal(err)
	}
	columns := columnsShown(t, db, "repeat_fact")
	source, err := Within(context.Background(), db, "repeat_fact", columns, "reported_at", facts.Span{First: "timestamp '2026-03-01'", End: "timestamp '2026-04-01'"})
	if err != nil {
		t.Fatal(err)
	}
	if got := columnsShown(t, db, source); !slices.Equal(got, columns) || slices.Contains(got, "reporter_key") {
		t.Errorf("columns %v, the view has %v", got, columns)
	}
}

func columnsShown(t *testing.T, db *sql.DB, source string) []string {
	t.Helper()
	rows, err := db.Query("select * from " + source + " limit 0")
	if err != nil {
		t.Fatal(source, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return columns
}
