package disclosure

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/schema"
)

// writeSnapshot makes a snapshot with these rows of indicator_value: level, code, period kind, period, n.
func writeSnapshot(t *testing.T, values string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "snapshot.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	if err := schema.Create(ctx, db); err != nil {
		t.Fatal(err)
	}
	statements := []string{}
	for _, name := range facts.Order() {
		text, err := fs.ReadFile(facts.Files, name+".sql")
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, string(text))
	}
	statements = append(statements, `
insert into area (geo_level, geo_code, name, parent_level, parent_code) values
  ('district', 'D', 'D', null, null),
  ('subdistrict', 'S1', 'S1', 'district', 'D'),
  ('subdistrict', 'S2', 'S2', 'district', 'D'),
  ('subdistrict', 'S3', 'S3', 'district', 'D'),
  ('community', 'C1', 'C1', 'subdistrict', 'S1'),
  ('community', 'C2', 'C2', 'subdistrict', 'S1')`,
		"insert into indicator_value (indicator, geo_level, geo_code, period_kind, period, n, value, numerator) select 'F13', *, 0.5, 1 from (values "+values+")")
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return path
}

// shown returns "code period" of the cells whose value an audience sees, and of those that are suppressed.
func shown(t *testing.T, path string, a Audience) (seen, hidden string) {
	t.Helper()
	ctx := context.Background()
	rows, err := connOf(t, openFor(t, path, a)).Strings(ctx, `
select
  geo_code || ' ' || period,
  coalesce(flag, ''),
  coalesce(value::varchar, numerator::varchar, nullif(n, 0)::varchar, '')
from indicator_value
order by
  1`)
	if err != nil {
		t.Fatal(err)
	}
	var in, out []string
	for _, row := range rows {
		if row[1] == "suppressed" {
			if row[2] != "" {
				t.Errorf("%s is suppressed and shows %s", row[0], row[2])
			}
			out = append(out, row[0])
		} else {
			in = append(in, row[0])
		}
	}
	return strings.Join(in, ", "), strings.Join(out, ", ")
}

func openFor(t *testing.T, path string, a Audience) *sql.DB {
	t.Helper()
	house, err := Prepare(context.Background(), path, a.Threshold, 1)
	if err != nil {
		t.Fatal(err)
	}
	db := house.For(a.Subdistrict)
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), house.Close()); err != nil {
			t.Error(err)
		}
	})
	return db
}

func connOf(t *testing.T, db *sql.DB) connection {
	t.Helper()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return connection{conn}
}

func TestSmallCountsAreSuppressedWithWhatWouldGiveThemAway(t *testing.T) {
	tests := []struct{ name, values, hidden string }{
		{"nothing is small", "('district','D','year','2025',30), ('subdistrict','S1','year','2025',10), ('subdistrict','S2','year','2025',20)", ""},
		{"zero is no secret", "('district','D','year','2025',30), ('subdistrict','S1','year','2025',0), ('subdistrict','S2','year','2025',30)", ""},
		{"two small ones hide each other", "('district','D','year','2025',30), ('subdistrict','S1','year','2025',3), ('subdistrict','S2','year','2025',4), ('subdistrict','S3','year','2025',23)",
			"S1 2025, S2 2025"},
		{"one small one takes the next smallest along", "('district','D','year','2025',43), ('subdistrict','S1','year','2025',3), ('subdistrict','S2','year','2025',10), ('subdistrict','S3','year','2025',30)",
			"S1 2025, S2 2025"},
		{"what is hidden above takes one below along", "('district','D','year','2025',43), ('subdistrict','S1','year','2025',10), ('subdistrict','S2','year','2025',3), ('subdistrict','S3','year','2025',30), ('community','C1','year','2025',4+2), ('community','C2','year','2025',5)",
			"C2 2025, S1 2025, S2 2025"},
		{"two that have a small count together take a third along", "('district','D','year','2025',43), ('subdistrict','S1','year','2025',1), ('subdistrict','S2','year','2025',2), ('subdistrict','S3','year','2025',40)",
			"S1 2025, S2 2025, S3 2025"},
		{"a month shows in its quarter", "('district','D','month','2025-01',3), ('district','D','month','2025-02',10), ('district','D','month','2025-03',20), ('district','D','quarter','2025-Q1',33)",
			"D 2025-01, D 2025-02"},
		{"a quarter shows in its year", "('district','D','quarter','2025-Q1',3), ('district','D','quarter','2025-Q2',9), ('district','D','quarter','2025-Q3',20), ('district','D','year','2025',32)",
			"D 2025-Q1, D 2025-Q2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, hidden := shown(t, writeSnapshot(t, test.values), Audience{Threshold: 5}); hidden != test.hidden {
				t.Errorf("hidden are %q, want %q", hidden, test.hidden)
			}
		})
	}
}

func TestWhatIsSuppressedShowsNeitherInTheStepsOfAnIndexNorInTheAmountsOfEfficiency(t *testing.T) {
	path := writeSnapshot(t, "('subdistrict','S1','year','2025',3), ('subdistrict','S2','year','2025',4), ('subdistrict','S3','year','2025',40)")
	ctx := context.Background()
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.ExecContext(ctx, `
insert into index_node (index_code, node, indicator) values ('i', 'f13', 'F13'), ('i', 'F1', null);
insert into index_step (index_code, geo_level, geo_code, period_kind, period, node, raw, normalised, score)
select 'i', 'subdistrict', code, 'year', '2025', node, 0.5, 50, 50 from (values ('S1'), ('S3')) as a(code) cross join (values ('f13'), ('F1')) as n(node);
insert into dea_part (geo_level, geo_code, period_kind, period, part, amount)
select 'subdistrict', code, 'year', '2025', part, 7 from (values ('S1'), ('S3')) as a(code) cross join (values ('workers'), ('on_time_closures')) as p(part)`); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	db := openFor(t, path, Audience{Threshold: 5})
	rows, err := connOf(t, db).Strings(ctx, `
select string_agg(geo_code || ' ' || what, ', ' order by geo_code, what)
from (
  select geo_code, node as what, raw is not null or normalised is not null or score is not null as shows from index_step
  union all
  select geo_code, part, amount is not null from dea_part
)
where shows`)
	if err != nil {
		t.Fatal(err)
	}
	if want := "S1 F1, S1 workers, S3 F1, S3 f13, S3 on_time_closures, S3 workers"; rows[0][0] != want {
		t.Errorf("shown are %s, want %s", rows[0][0], want)
	}
}

func TestAPeerElsewhereIsNotNamedAndAWeightGivesNoSmallCountAway(t *testing.T) {
	path := writeSnapshot(t, "('subdistrict','S1','year','2025',30), ('subdistrict','S2','year','2025',40), ('community','C1','year','2025',3), ('community','C2','year','2025',27), ('community','C3','year','2025',40)")
	ctx := context.Background()
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.ExecContext(ctx, `
insert into area (geo_level, geo_code, name, parent_level, parent_code) values ('community', 'C3', 'C3', 'subdistrict', 'S2'), ('community', 'C4', 'C4', 'subdistrict', 'S1');
insert into dea_peer values ('community', 'C1', 'year', '2025', 'C2', 0.5), ('community', 'C4', 'year', '2025', 'C3', 0.7), ('community', 'C4', 'year', '2025', 'C2', 0.2), ('community', 'C3', 'year', '2025', 'C3', 1)`); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		audience Audience
		want     string
	}{
		{Audience{Subdistrict: "S1"}, "C1 C2 0.5, C4 - 0.7, C4 C2 0.2"},
		{Audience{Threshold: 5}, "C1 C2 -, C3 C3 1.0, C4 C2 0.2, C4 C3 0.7"},
		{Audience{Subdistrict: "S1", Threshold: 5}, "C1 C2 -, C4 - 0.7, C4 C2 0.2"},
	} {
		rows, err := connOf(t, openFor(t, path, test.audience)).Strings(ctx, "select string_agg(geo_code || ' ' || coalesce(peer, '-') || ' ' || coalesce(weight::varchar, '-'), ', ' order by geo_code, coalesce(peer, '-')) from dea_peer")
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][0] != test.want {
			t.Errorf("%+v sees %s, want %s", test.audience, rows[0][0], test.want)
		}
	}
}

// Cases closed per worker (F61): 3 cases of 50 workers are a small count, and 50 cases of 3 workers are none.
func TestOfARateTheNumeratorIsTheCount(t *testing.T) {
	path := writeSnapshot(t, "('subdistrict','S1','year','2025',3)")
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.ExecContext(context.Background(), `
insert into indicator_value (indicator, geo_level, geo_code, period_kind, period, numerator, denominator, value, n)
select 'F61', 'subdistrict', code, 'year', '2025', closed, workers, closed / workers, workers from (values ('S1', 3, 50), ('S2', 50, 3), ('S3', 4, 60)) as v(code, closed, workers)`); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := connOf(t, openFor(t, path, Audience{Threshold: 5})).Strings(context.Background(),
		"select string_agg(indicator || ' ' || geo_code, ', ' order by all) from indicator_value where flag = 'suppressed'")
	if err != nil {
		t.Fatal(err)
	}
	if want := "F13 S1, F61 S1, F61 S3"; rows[0][0] != want {
		t.Errorf("suppressed are %s, want %s", rows[0][0], want)
	}
}

func TestASignalOfAValueThatIsNotShownIsLeftOut(t *testing.T) {
	path := writeSnapshot(t, "('subdistrict','S1','month','2025-03',3), ('subdistrict','S2','month','2025-03',4), ('subdistrict','S3','month','2025-03',40)")
	whole, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := whole.ExecContext(context.Background(), `
insert into signal (signal_id, indicator, geo_level, geo_code, grain, first_period)
select indicator || ' ' || code, indicator, 'subdistrict', code, grain, date '2025-03-01' from (values ('F13', 'S1', 'month'), ('F13', 'S3', 'month'), ('cases', 'S1', 'week')) as s(indicator, code, grain)`); err != nil {
		t.Fatal(err)
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		audience Audience
		want     string
	}{{Audience{Threshold: 5}, "F13 S3, cases S1"}, {Audience{Threshold: 5, Subdistrict: "S1"}, "cases S1"}, {Audience{Subdistrict: "S1"}, "F13 S1, cases S1"}} {
		rows, err := connOf(t, openFor(t, path, test.audience)).Strings(context.Background(), "select coalesce(string_agg(signal_id, ', ' order by signal_id), '') from signal")
		if err != nil {
			t.Fatal(err)
		}
		if rows[0][0] != test.want {
			t.Errorf("%+v sees %s, want %s", test.audience, rows[0][0], test.want)
		}
	}
}

func TestAnAudienceOfOneSubdistrictSeesItselfAndTheDistrict(t *testing.T) {
	path := writeSnapshot(t, "('district','D','year','2025',30), ('subdistrict','S1','year','2025',10), ('subdistrict','S2','year','2025',20), ('community','C1','year','2025',10)")
	if seen, _ := shown(t, path, Audience{Subdistrict: "S1"}); seen != "C1 2025, D 2025, S1 2025" {
		t.Errorf("S1 sees %s", seen)
	}
	if seen, _ := shown(t, path, Audience{Subdistrict: "S1' or 1=1 --"}); seen != "D 2025" {
		t.Errorf("a code that is none sees %s", seen)
	}
}

func TestARelationThatFitsNoRuleIsHiddenFromConfinedReaders(t *testing.T) {
	for relation, want := range map[string]string{"grid_code": "by_grid", "subdistrict_code": "by_subdistrict", "something": "unscoped"} {
		if got := rule(Relation{"new_table", []Column{{Name: relation}}}); got != want {
			t.Errorf("a new table with %s gets rule %s, want %s", relation, got, want)
		}
	}
}

func TestEveryRelationOfASnapshotCanBeReadByEveryAudience(t *testing.T) {
	path := writeSnapshot(t, "('district','D','year','2025',30)")
	ctx := context.Background()
	for _, a := range []Audience{{Threshold: 5}, {Subdistrict: "S1"}, {Subdistrict: "S1", Threshold: 5}} {
		c := connOf(t, openFor(t, path, a))
		names, err := c.Strings(ctx, "select view_name from duckdb_views() where database_name = 'memory' and not internal")
		if err != nil || len(names) < 20 {
			t.Fatalf("%d views, %v", len(names), err)
		}
		for _, name := range names {
			if _, err := c.Strings(ctx, "select count(*)::varchar from "+name[0]); err != nil {
				t.Errorf("%+v: %s: %v", a, name[0], err)
			}
		}
	}
}
