package sandbox

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/schema"
)

// TestMain lets the test binary be the worker, as the jiceng binary is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" {
		if err := RunWorker(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// snapshotOnce is made by the first test that needs it and copied for the others.
var snapshotOnce = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "snapshot")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "snapshot.duckdb")
	if err := makeSnapshot(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func writeSnapshot(t *testing.T) string {
	t.Helper()
	content, err := snapshotOnce()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "snapshot.duckdb")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// makeSnapshot makes a snapshot of two subdistricts with four cases, three surveys and two workers.
func makeSnapshot(path string) error {
	db, err := sql.Open("duckdb", path)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	if err := schema.Create(ctx, db); err != nil {
		return err
	}
	statements := []string{}
	for _, name := range facts.Order() {
		text, err := fs.ReadFile(facts.Files, name+".sql")
		if err != nil {
			return err
		}
		statements = append(statements, string(text))
	}
	data, err := os.ReadFile("testdata/snapshot.sql")
	if err != nil {
		return err
	}
	for _, statement := range append(statements, string(data)) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// testLimits are small, so that bombs go off early.
func testLimits() Limits {
	limits := DefaultLimits()
	limits.Time, limits.MemoryMB, limits.Rows, limits.Bytes = 5*time.Second, 256, 200_000, 64<<20
	return limits
}

func newTestPool(t *testing.T, limits Limits) *Pool {
	t.Helper()
	pool := NewPool([]string{os.Args[0], "worker"}, limits, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	t.Cleanup(pool.Close)
	return pool
}

// ask runs a query and returns its rows as lines of fields joined by "|".
func ask(t *testing.T, pool *Pool, q Query) (lines []string, err error) {
	t.Helper()
	r, err := pool.Run(context.Background(), q)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for r.Next() {
		batch := r.Batch()
		for row := range int(batch.NumRows()) {
			fields := make([]string, batch.NumCols())
			for i := range fields {
				fields[i] = batch.Column(i).ValueStr(row)
			}
			lines = append(lines, strings.Join(fields, "|"))
		}
	}
	return lines, r.Err()
}

func TestAQueryGivesItsRows(t *testing.T) {
	snapshot := writeSnapshot(t)
	pool := newTestPool(t, testLimits())
	pool.Warm(snapshot)
	tests := []struct{ name, sql, want string }{
		{"a constant", "select 1", "1"},
		{"a trailing semicolon and comment", "select 1; -- done", "1"},
		{"a count over a fact view", "select subdistrict_code, count(*) from case_fact group by all order by all", "S1|3\nS2|1"},
		{"a union and WITH", "with a as (select 1 as x union all select 2) select sum(x) from a", "3"},
		{"a hugeint beyond int64", "select 9223372036854775807::hugeint + 1", "9223372036854775808"},
		{"a decimal", "select 12.340::decimal(9,3)", "12.34"},
		{"null", "select null::integer, 'x'", "(null)|x"},
		{"a list becomes JSON", "select [1, 2]", "[1,2]"},
		{"semicolons everywhere", "select {'a;--': ';'} as \";\" -- ;\n;; /* ; */ -- ;'", `{"a;--":";"}`},
		{"a struct next to a number", "select {'a': 1, 'b': 'x'}, 7; -- shown as JSON", `{"a":1,"b":"x"}|7`},
		{"an interval becomes text", "select interval 3 days", "3 days"},
		{"long text", "select repeat('基层', 20)", strings.Repeat("基层", 20)},
		{"explain", "explain select 1", "physical_plan|"},
		{"explain in JSON", "EXPLAIN (FORMAT JSON) select 1", "physical_plan|"},
		{"describe", "describe calendar", "date|DATE"},
		{"summarize", "summarize select 1 as a", "a|INTEGER"},
		{"show tables", "show tables", "activities"},
		{"a pivot with named columns", "from (select channel, case_id from cases) pivot (count(*) for channel in ('app', 'hotline'))", ""},
		{"a recursive WITH that ends", "with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select sum(n) from r", "15"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, err := ask(t, pool, Query{SQL: test.sql, Snapshot: snapshot})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(lines, "\n"); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAResultKeepsNamesAndTypes(t *testing.T) {
	pool := newTestPool(t, testLimits())
	r, err := pool.Run(context.Background(), Query{SQL: "select 1 as a, 2 as a, [1] as 列表, 1.5::decimal(4,1) as d, now() as t", Snapshot: writeSnapshot(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := "[{a INTEGER} {a INTEGER} {列表 JSON} {d DECIMAL(4,1)} {t TIMESTAMP WITH TIME ZONE}]"
	if got := fmt.Sprint(r.Columns); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestALimitStopsAndSaysThatThereIsMore(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	pool.Warm(snapshot)
	for _, test := range []struct {
		rows int64
		more bool
	}{{3, false}, {4, true}, {5000, true}} {
		r, err := pool.Run(context.Background(), Query{SQL: fmt.Sprintf("from range(%d)", test.rows), Snapshot: snapshot, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		rows := int64(0)
		for r.Next() {
			rows += r.Batch().NumRows()
		}
		if r.Err() != nil || rows != 3 || r.Rows() != 3 || r.More() != test.more {
			t.Errorf("of %d rows: got %d, said %d, more %t, error %v", test.rows, rows, r.Rows(), r.More(), r.Err())
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAReaderConfinedToASubdistrictSeesNoOther(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	pool.Warm(snapshot)
	tests := []struct{ sql, want string }{
		{"select distinct subdistrict_code from case_fact", "S1"},
		{"select count(*) from cases", "3"},
		{"select count(*) from case_events", "1"},
		{"select count(*) from satisfaction", "2"},
		{"select count(*) from survey_fact", "2"},
		{"select distinct subdistrict_code from grids", "S1"},
		{"select count(*) from staff", "1"},
		{"select count(*) from training", "0"},
		{"select string_agg(distinct geo_code, ',' order by geo_code) from indicator_value", "C1,D,G1,S1"},
		{"select areas, mean_value from peer_average where geo_level = 'subdistrict'", "3|0.5"},
	}
	for _, test := range tests {
		lines, err := ask(t, pool, Query{SQL: test.sql, Snapshot: snapshot, Scope: "S1"})
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if got := strings.Join(lines, "\n"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.sql, got, test.want)
		}
	}
	lines, err := ask(t, pool, Query{SQL: "select count(*) from cases", Snapshot: snapshot})
	if err != nil || lines[0] != "4" {
		t.Errorf("the next reader, who is not confined, sees %v (%v), want all 4 cases", lines, err)
	}
}

func TestNoColumnHoldsAPersonsPseudonym(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	pool.Warm(snapshot)
	relations, err := pool.Relations(context.Background(), snapshot)
	if err != nil {
		t.Fatal(err)
	}
	if len(relations) < 15 {
		t.Fatalf("only %d relations", len(relations))
	}
	for _, r := range relations {
		lines, err := ask(t, pool, Query{SQL: "select * from " + r.Name, Snapshot: snapshot})
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		if text := strings.Join(lines, "\n"); strings.Contains(text, "PERSON") {
			t.Errorf("%s shows a personal value:\n%s", r.Name, text)
		}
	}
}

// What makes a small query quick is that none waits for a process to start; BenchmarkSmallQuery has the time.
func TestAQueryIsAnsweredByAWorkerThatIsAlreadyThere(t *testing.T) {
	pool, snapshot := newTestPool(t, testLimits()), writeSnapshot(t)
	idle := func() []*process { pool.mu.Lock(); defer pool.mu.Unlock(); return slices.Clone(pool.idle) }
	warm := func() bool { return len(idle()) == pool.limits.Workers }
	pool.Warm(snapshot)
	waitFor(t, warm)
	before := idle()
	for range 5 {
		if _, err := ask(t, pool, Query{SQL: "select subdistrict_code, count(*) from case_fact group by all", Snapshot: snapshot}); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, warm)
	for _, w := range idle() {
		if !slices.Contains(before, w) {
			t.Error("a small query used a worker up, so that the next had to wait for a new one")
		}
	}
}

// The bar is 30 ms.
func BenchmarkSmallQuery(b *testing.B) {
	content, err := snapshotOnce()
	if err != nil {
		b.Fatal(err)
	}
	snapshot := filepath.Join(b.TempDir(), "snapshot.duckdb")
	if err := os.WriteFile(snapshot, content, 0o600); err != nil {
		b.Fatal(err)
	}
	pool := NewPool([]string{os.Args[0], "worker"}, testLimits(), slog.New(slog.DiscardHandler))
	defer pool.Close()
	pool.Warm(snapshot)
	for b.Loop() {
		r, err := pool.Run(context.Background(), Query{SQL: "select count(*) from case_fact", Snapshot: snapshot})
		if err != nil {
			b.Fatal(err)
		}
		for r.Next() {
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
