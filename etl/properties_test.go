package etl_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jiceng/jiceng/etl"
	"github.com/jiceng/jiceng/queries/snapshot"
)

// bookkeeping are the tables about runs, which differ from run to run.
var bookkeeping = []string{"run", "run_step", "check_result", "load", "snapshot_info", "feed_status", "reject",
	"index_input",                                       // fingerprints of indicator_value
	"part.computed", "part.stale_cell", "part.feed_day"} // what the next run goes on from

// contents returns every table of the published snapshot as sorted rows of
// text, without the columns that say which load or run a row came by. Of a
// double twelve digits count: the last bits of a sum depend on its order.
func (o *office) contents() map[string]string {
	o.t.Helper()
	s, err := o.warehouse().OpenCurrent(context.Background(), snapshot.Options{Threads: 1})
	if err != nil {
		o.t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.DB.Query(`
select
  schema_name || '.' || table_name,
  string_agg(case data_type when 'DOUBLE' then 'format(''{:.11e}'', "' || column_name || '")' else '"' || column_name || '"::varchar' end, ', ' order by column_index) filter (column_name not in ('load_id', 'run_id'))
from duckdb_columns()
where not internal
  and database_name = current_database()
  and table_name in (select table_name from duckdb_tables())
group by all`)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	queries := map[string]string{}
	for rows.Next() {
		var table, columns string
		if err := rows.Scan(&table, &columns); err != nil {
			o.t.Fatal(err)
		}
		if name := strings.TrimPrefix(table, "main."); !slices.Contains(bookkeeping, name) {
			queries[name] = "select concat_ws('|', " + columns + ") from " + table
		}
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
	contents := map[string]string{"counts": o.counts()}
	for name, query := range queries {
		lines := strings.Split(o.query(query), "\n")
		sort.Strings(lines)
		contents[name] = strings.Join(lines, "\n")
	}

	contents["rejects"] = o.query("select source, rule, column_name, value, raw from reject order by all")
	return contents
}

// counts must add up in every load of the snapshot.
func (o *office) counts() string {
	return o.query("select bool_and(rows_read = rows_loaded + rows_superseded + rows_duplicate + rows_rejected) from load")
}

func compareContents(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	if len(want) < 25 {
		t.Errorf("only %d tables are compared", len(want))
	}
	for name := range want {
		if want[name] != got[name] {
			t.Errorf("%s: table %s differs:\n%s", what, name, firstDifference(want[name], got[name]))
		}
	}
	if len(want) != len(got) {
		t.Errorf("%s: %d tables, want %d", what, len(got), len(want))
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(no row)", "(no row)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("row %d of %d and %d: want %s\ngot %s", i+1, len(a), len(b), x, y)
		}
	}
	return ""
}

// inputs are rows of cases, surveys and grids with everything that makes order
// matter: later versions, exact copies, rows with a fault, cases before their grid.
type inputs struct{ grids, cases, surveys []string }

func randomInputs(random *rand.Rand) inputs {
	var in inputs
	for g := range 9 {
		in.grids = append(in.grids, fmt.Sprintf("G%d,C%d,S%d,%d,,", g, g/3, g/6, 100+g))
	}
	statuses := []string{"办结", "办理中", "随便"}
	for i := range 120 {
		id := random.IntN(90) // some keys come twice or three times
		day := 1 + random.IntN(28)
		month := 1 + random.IntN(10)
		closed := ""
		if random.IntN(3) > 0 {
			closed = fmt.Sprintf("2026-%02d-%02d 18:00:00", month, min(28, day+random.IntN(5)))
		}
		line := fmt.Sprintf("K%d,2026-%02d-%02d 08:00:00,G%d,%s,%s,%d,说明%d,2026-11-01 00:%02d:%02d", id, month, day, random.IntN(10), closed,
			statuses[min(2, random.IntN(40)/19)], random.IntN(3), i, i/60, i%60)
		in.cases = append(in.cases, line)
		if random.IntN(10) == 0 {
			in.cases = append(in.cases, line)
		}
	}
	for i := range 60 {
		in.surveys = append(in.surveys, fmt.Sprintf("S%d,K%d,2026-%02d-15 10:00:00,是,%d", i, random.IntN(90), 1+random.IntN(10), 1+random.IntN(6)))
	}
	return in
}

// deliver writes rows, shuffled, into n files.
func (o *office) deliver(random *rand.Rand, name, header string, lines []string, n int) {
	lines = slices.Clone(lines)
	random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	for i := range n {
		part := lines[i*len(lines)/n : (i+1)*len(lines)/n]
		o.write(fmt.Sprintf("%s_%d.csv", name, i), header+strings.Join(part, "\n")+"\n")
	}
}

func splitOffice(t *testing.T) *office {
	o := newOffice(t)
	for _, s := range []string{"grids", "cases", "surveys"} {
		if err := os.Remove(o.path(s + ".csv")); err != nil {
			t.Fatal(err)
		}
		o.source(s).Files = []string{s + "_*.csv"}
	}
	o.write("cases.sql", strings.Replace(caseMapping, "from raw", ", \"更新\" as updated_at\nfrom raw", 1))
	return o
}

const (
	gridHeader    = "网格,社区,街道,人口,生效,失效\n"
	updatedHeader = "编号,上报时间,网格,办结时间,状态,次数,说明,更新\n"
	surveyHeader  = "回访编号,案件,回访时间,作答,评分\n"
)

// TestTheSameInputsGiveTheSameWarehouse: one full run, runs that add the files
// one by one in any order and any split, a re-run and a rebuild all give the
// same tables, value for value.
func TestTheSameInputsGiveTheSameWarehouse(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	in := randomInputs(random)
	whole := splitOffice(t)
	whole.deliver(random, "grids", gridHeader, in.grids, 1)
	whole.deliver(random, "cases", updatedHeader, in.cases, 1)
	whole.deliver(random, "surveys", surveyHeader, in.surveys, 1)
	whole.run(etl.Options{})
	want := whole.contents()
	if want["counts"] != "true" {
		t.Error("the counts do not add up")
	}
	if _, err := whole.try(etl.Options{}); !errors.Is(err, etl.ErrNothingNew) {
		t.Errorf("a re-run: %v", err)
	}
	compareContents(t, "a re-run", want, whole.contents())
	for round := range rounds(t) {
		parts := splitOffice(t)
		files := map[string]int{"grids": 1 + random.IntN(2), "cases": 2 + random.IntN(2), "surveys": 1 + random.IntN(2)}
		parts.deliver(random, "grids", gridHeader, in.grids, files["grids"])
		parts.deliver(random, "cases", updatedHeader, in.cases, files["cases"])
		parts.deliver(random, "surveys", surveyHeader, in.surveys, files["surveys"])
		what := fmt.Sprintf("round %d, files %v", round, files)
		parts.runInAnyOrder(random, files)
		compareContents(t, what+", one by one", want, parts.contents())
		parts.run(etl.Options{Full: true})
		compareContents(t, what+", rebuilt", want, parts.contents())
	}
}

// rounds is how many random splits are tried: JICENG_ROUNDS, or one.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("JICENG_ROUNDS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// runInAnyOrder hides all files but one of each feed, and lets the others come back run by run.
func (o *office) runInAnyOrder(random *rand.Rand, files map[string]int) {
	o.t.Helper()
	var hidden []string
	for _, name := range []string{"grids", "cases", "surveys"} {
		for i := 1; i < files[name]; i++ {
			hidden = append(hidden, fmt.Sprintf("%s_%d.csv", name, i))
		}
	}
	for _, name := range hidden {
		if err := os.Rename(o.path(name), o.path(name+".later")); err != nil {
			o.t.Fatal(err)
		}
	}
	random.Shuffle(len(hidden), func(i, j int) { hidden[i], hidden[j] = hidden[j], hidden[i] })
	o.run(etl.Options{})
	for _, name := range hidden {
		if err := os.Rename(o.path(name+".later"), o.path(name)); err != nil {
			o.t.Fatal(err)
		}
		o.run(etl.Options{})
	}
}
