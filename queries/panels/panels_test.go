package panels

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/schema"
)

// codes has areas whose codes end in all sorts of ways: short, long, alike, and in Chinese.
func codes(t *testing.T, codes ...string) (*sql.DB, []Area) {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if err := schema.Create(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	var areas []Area
	for i, code := range codes {
		areas = append(areas, Area{Level: "grid", Code: code, Name: "area " + code, ParentLevel: "community", ParentCode: "C"})
		for m := 1; m <= 3; m++ {
			exec(t, db, `insert into indicator_value by name select 'F13' as indicator, 'grid' as geo_level, $1 as geo_code, 'month' as period_kind, $2 as period,
				$3::double as value, 10 as n, right($1, 8) as geo_code_end`, code, fmt.Sprintf("2026-%02d", m), float64(i)+float64(m)/10)
		}
	}
	return db, areas
}

func exec(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func TestARankingHasEveryAreaWhateverItsCode(t *testing.T) {
	db, areas := codes(t, "7", "990100007003005", "990100001001001", "街道办事处第十二网格", "zz-1", "A1234567")
	areas = append(areas, Area{Level: "grid", Code: "B", Name: "area without a value"})
	ranked, err := Ranking(context.Background(), db, "F13", "2026-02", areas)
	if err != nil || len(ranked) != len(areas) {
		t.Fatalf("%d ranked, %v", len(ranked), err)
	}
	for i, r := range ranked[:6] {
		want := areas[5-i] // values rise with the place in the list
		if r.Code != want.Code || r.Name != want.Name || !r.Value.Valid || r.N.Int64 != 10 {
			t.Errorf("place %d: %+v, want %s", i+1, r, want.Code)
		}
	}
	if last := ranked[6]; last.Code != "B" || last.Value.Valid || last.N.Valid {
		t.Errorf("last %+v, want the area without a value", last)
	}
	some, err := Ranking(context.Background(), db, "F13", "2026-02", areas[1:3])
	if err != nil || len(some) != 2 || some[0].Code != areas[2].Code {
		t.Errorf("%+v, %v, want two areas", some, err)
	}
	if none, err := Ranking(context.Background(), db, "F13", "2026-02", nil); err != nil || none != nil {
		t.Errorf("no areas: %+v, %v", none, err)
	}
}

func TestAHistoryGivesValuesBesideThoseAboveAndTargets(t *testing.T) {
	db, _ := codes(t, "街道办事处第十二网格", "7")
	exec(t, db, "insert into targets by name select 'F13' as indicator, 0.5 as target union all by name select 'F13' as indicator, 'grid' as geo_level, 0.7 as target")
	ctx := context.Background()
	histories, err := PrepareHistories(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	own, err := histories.Read(ctx, "grid", "7", "month")
	if err != nil {
		t.Fatal(err)
	}
	above, err := histories.Read(ctx, "grid", "街道办事处第十二网格", "month")
	if err != nil {
		t.Fatal(err)
	}
	targets, err := ReadTargets(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	values := own.Values("2026-02", above, targets.Of("grid", "7", "2026-02"))
	if len(values) != 1 || values[0].Value.Float64 != 1.2 || values[0].Above.Float64 != 0.2 || values[0].Target.Float64 != 0.7 {
		t.Errorf("%+v, want 1.2 beside 0.2, and the narrower target", values)
	}
	if series := own.Of("F13").Series("2026-02", 2); len(series) != 2 || series[0].Period != "2026-01" || series[1].Value.Float64 != 1.2 {
		t.Errorf("series %+v, want January and February", series)
	}
	if _, ok := own.At("F13", "2025-12"); ok || len(own.Of("F14").Series("2026-02", 2)) != 0 || len(own.Of("F13").Series("2026-02", 1)) != 1 || own.Values("2025-12", nil, nil) != nil {
		t.Error("something stands where nothing is")
	}
}

// A signal shows its indicator's value in the period, one without such a value the point farthest off.
func TestASignalShowsTheValueOfThePeriod(t *testing.T) {
	db, areas := codes(t, "7", "990100007003005")
	for _, a := range areas {
		exec(t, db, "insert into area by name select 'grid' as geo_level, $1 as geo_code, $2 as name, 'community' as parent_level, 'C' as parent_code", a.Code, a.Name)
		for _, indicator := range []string{"F13", "cases"} {
			exec(t, db, `insert into signal by name select $1 || $2 as signal_id, $1 as indicator, 'grid' as geo_level, $2 as geo_code, date '2026-02-01' as last_period,
				date '2026-02-01' as signalled_on, 'low' as side, 'worse' as meaning, 99 as peak, 3 as peak_z, 5 as centre, true as ongoing`, indicator, a.Code)
		}
	}
	first := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	all, err := ReadSignals(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	community := Area{Level: "community", Code: "C"}
	signals := all.Of(community, first, first.AddDate(0, 1, 0), 10)
	if len(signals) != 4 {
		t.Fatalf("%+v, want four", signals)
	}
	if later := all.Of(community, first.AddDate(0, 1, 0), first.AddDate(0, 2, 0), 10); later != nil {
		t.Errorf("a month later: %+v", later)
	}
	if own := all.Of(areas[0], first, first.AddDate(0, 1, 0), 1); len(own) != 1 || own[0].Code != areas[0].Code {
		t.Errorf("of one grid, one at most: %+v", own)
	}
	var shown []*Signal
	for i := range signals {
		shown = append(shown, &signals[i])
	}
	if err := ShowPeriod(context.Background(), db, shown, "2026-02"); err != nil {
		t.Fatal(err)
	}
	for _, s := range signals {
		want := map[string]float64{"F13 7": 0.2, "F13 990100007003005": 1.2}[s.Indicator+" "+s.Code]
		if s.Indicator == "cases" {
			want = 99
		}
		if s.Value != want {
			t.Errorf("%s of %s: %v, want %v", s.Indicator, s.Code, s.Value, want)
		}
	}
}
