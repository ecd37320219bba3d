package nyc_council_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/goccy/go-yaml"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// line is one line of expected.csv or of what should equal it.
type line struct {
	closed, reported int64
	median           float64 // days, NaN where the curve never falls to one half
}

// expected reads expected.csv. It was made by a third implementation, a
// Kaplan–Meier loop over the sorted durations in plain Python, so that neither
// oracle.sql nor the indicators' SQL vouches for itself.
func expected(t *testing.T) map[string]line {
	t.Helper()
	return read(t, memory(t), "select borough || ' ' || year, closed, reported, median_days from read_csv('expected.csv', header = true)")
}

func memory(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func read(t *testing.T, db *sql.DB, query string) map[string]line {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]line{}
	for rows.Next() {
		var name string
		var l line
		var median sql.NullFloat64
		if err := rows.Scan(&name, &l.closed, &l.reported, &median); err != nil {
			t.Fatal(err)
		}
		l.median = math.NaN()
		if median.Valid {
			l.median = median.Float64
		}
		found[name] = l
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

func compare(t *testing.T, got map[string]line) {
	t.Helper()
	want := expected(t)
	if len(want) != 12 || len(got) != len(want) {
		t.Errorf("%d lines, %d expected", len(got), len(want))
	}
	for name, w := range want {
		g, ok := got[name]
		if !ok || g.closed != w.closed || g.reported != w.reported || math.Abs(g.median-w.median) > 1e-9 || math.IsNaN(g.median) != math.IsNaN(w.median) {
			t.Errorf("%s: got %+v, want %+v", name, g, w)
		}
	}
}

func TestOracleAgreesWithAThirdImplementation(t *testing.T) {
	db := memory(t)
	for _, statement := range []string{"set variable cases = 'data/cases.csv.gz'", "set variable as_of = date '2019-12-31'"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	oracle, err := os.ReadFile("oracle.sql")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, read(t, db, fmt.Sprintf("select borough || ' ' || year, closed, reported, median_days from (%s)", strings.TrimSuffix(strings.TrimSpace(string(oracle)), ";"))))
}

// configuration reads jiceng.yaml with the warehouse in a folder of its own.
func configuration(t *testing.T) etl.Config {
	t.Helper()
	text, err := os.ReadFile("jiceng.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cfg etl.Config
	if err := yaml.UnmarshalWithOptions(text, &cfg, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	cfg.Warehouse = filepath.Join(t.TempDir(), "warehouse")
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := cfg.Resolve(dir); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestIndicatorsEqualTheOracle(t *testing.T) {
	ctx := context.Background()
	cfg := configuration(t)
	result, err := etl.Run(ctx, cfg, etl.Options{
		Now: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	cases := result.Feeds["cases"]
	if cases.Read != 83_598 || cases.Read != cases.Loaded+cases.Superseded+cases.Duplicate+cases.Rejected || cases.Rejected != 0 {
		t.Errorf("counts of cases: %+v", cases)
	}
	s, err := snapshot.Warehouse{Dir: cfg.Warehouse}.OpenCurrent(ctx, snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	compare(t, read(t, s.DB, `
		select f22.geo_code || ' ' || f22.period, f22.numerator::bigint, f22.denominator::bigint, f14.value
		from indicator_value f22
		left join indicator_value f14 on f14.indicator = 'F14' and f14.geo_level = f22.geo_level and f14.geo_code = f22.geo_code and f14.period = f22.period
		where f22.indicator = 'F22' and f22.geo_level = 'subdistrict' and f22.period_kind = 'year'`))
	var all, surveys int64
	row := s.DB.QueryRow("select (select count(*) from cases c join grids g using (grid_code)), (select count(*) from indicator_value where indicator in ('F51', 'F52') and value is not null)")
	if err := row.Scan(&all, &surveys); err != nil {
		t.Fatal(err)
	}
	if all != cases.Loaded {
		t.Errorf("%d of %d cases lie in a known area", all, cases.Loaded)
	}
	if surveys != 0 {
		t.Errorf("%d values of satisfaction without a survey", surveys)
	}
}
