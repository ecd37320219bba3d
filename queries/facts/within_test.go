package facts_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/facts/factstest"
)

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := factstest.Fill(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// What is read for spans of time gives the same rows as the view, whatever the feeds hold: also of cases that were due
// or closed before they were reported, or closed after the end of the data, and of steps logged before the report.
func TestAFactWithinSpansHasTheRowsOfItsView(t *testing.T) {
	db := open(t)
	dates := factstest.Dated()
	if len(dates) < 10 {
		t.Fatalf("%d dates: their headers are not read", len(dates))
	}
	spans := map[string][][2]string{
		"one month":        {{"2026-03-01", "2026-04-01"}},
		"far apart":        {{"2025-03-01", "2025-04-01"}, {"2026-03-01", "2026-04-01"}},
		"one in the other": {{"2026-01-01", "2027-01-01"}, {"2026-03-01", "2026-04-01"}},
		"after the end":    {{"2026-06-20", "2026-09-01"}},
	}
	for _, d := range dates {
		for name, list := range spans {
			t.Run(d.Fact+" "+d.Time+" "+name, func(t *testing.T) {
				var within []facts.Span
				where := ""
				for _, s := range list {
					within = append(within, facts.Span{First: "timestamp '" + s[0] + "'", End: "timestamp '" + s[1] + "'"})
					where += fmt.Sprintf("or %[1]s >= '%[2]s' and %[1]s < '%[3]s' ", d.Time, s[0], s[1])
				}
				statement, ok, err := facts.Within(d.Fact, d.Time, "main", within...)
				if err != nil || !ok {
					t.Fatal(ok, err)
				}
				var rows, missing, added int
				err = db.QueryRow(`
with whole as (select * from `+d.Fact+` where false `+where+`),
narrow as (select * from (`+statement+`) where false `+where+`)
select
  (select count(*) from whole),
  (select count(*) from (from whole except all from narrow)),
  (select count(*) from (from narrow except all from whole))`).Scan(&rows, &missing, &added)
				if err != nil {
					t.Fatal(err)
				}
				if missing > 0 || added > 0 {
					t.Errorf("of %d rows %d are missing, %d are others", rows, missing, added)
				}
				if rows < 20 && name != "after the end" {
					t.Errorf("%d rows: the test tests little", rows)
				}
			})
		}
	}
}

// It reads less than the view does: only the cases dated within the span, and those of 90 days before that may be repeated.
func TestAFactWithinASpanLeavesOutWhatCannotMatter(t *testing.T) {
	db := open(t)
	for _, d := range factstest.Dated() {
		statement, _, err := facts.Within(d.Fact, d.Time, "main", facts.Span{First: "timestamp '2026-03-01'", End: "timestamp '2026-04-01'"})
		if err != nil {
			t.Fatal(err)
		}
		var read, all int
		if err := db.QueryRow("select (select count(*) from ("+statement+")), (select count(*) from "+d.Fact+")").Scan(&read, &all); err != nil {
			t.Fatal(err)
		}
		if read == 0 || 3*read > all {
			t.Errorf("%s by %s: %d rows of %d", d.Fact, d.Time, read, all)
		}
	}
}

func TestADateThatNoHeaderNamesIsLeftToTheView(t *testing.T) {
	for _, of := range [][2]string{{"survey_fact", "surveyed_at"}, {"grid_month", "month"}, {"case_fact", "accepted_at"}} {
		if statement, ok, err := facts.Within(of[0], of[1], "main", facts.Span{First: "$1", End: "$2"}); ok || statement != "" || err != nil {
			t.Errorf("%v: %q, %v, %v", of, statement, ok, err)
		}
	}
	if _, _, err := facts.Within("no_fact", "closed_at", "main"); err == nil {
		t.Error("a fact that there is not: no error")
	}
}

// A new view is in Order, or nobody creates it.
func TestOrderNamesEveryFile(t *testing.T) {
	files, err := fs.Glob(facts.Files, "*.sql")
	if err != nil || len(files) != len(facts.Order()) {
		t.Errorf("%d files, %d in the order: %v", len(files), len(facts.Order()), err)
	}
}
