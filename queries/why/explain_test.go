package why

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/compute"
	"github.com/jiceng/jiceng/queries/facts"
	"github.com/jiceng/jiceng/queries/schema"
)

// district has 2,000 cases of two months in 2 subdistricts with 2 communities of 2 grids
// each, some without a grid, all computed as in the nightly run.
func district(t *testing.T) (*sql.Conn, catalogue.Catalogue) {
	t.Helper()
	ctx := context.Background()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); db.Close() })
	if err := schema.Create(ctx, conn); err != nil {
		t.Fatal(err)
	}
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("insert into snapshot_info values ('district_code', 'd'), ('district_name', '区'), ('as_of', '2026-02-28 23:59:59')")
	exec(`insert into grids by name select 's' || s || 'c' || c || 'g' || g as grid_code, 's' || s || 'c' || c as community_code, 's' || s as subdistrict_code,
		1000 as population, 300 as households from range(1, 3) as a(s), range(1, 3) as b(c), range(1, 3) as e(g)`)
	rng := rand.New(rand.NewPCG(4, 4))
	var values []string
	for i := range 2000 {
		grid := fmt.Sprintf("'s%dc%dg%d'", 1+rng.IntN(2), 1+rng.IntN(2), 1+rng.IntN(2))
		if rng.IntN(20) == 0 {
			grid = "null"
		}
		category := []string{"'市容环境'", "'矛盾纠纷'", "'民生服务'", "null"}[rng.IntN(4)]
		at := time.Date(2026, 1, 1, rng.IntN(58*24), 0, 0, 0, time.UTC)
		closed := at.Add(time.Duration(rng.IntN(200)) * time.Hour)
		values = append(values, fmt.Sprintf("('%d', timestamp '%s', %s, %s, timestamp '%s', timestamp '%s', 'closed', %d, '%s')", i, at.Format(time.DateTime), grid, category,
			at.Add(90*time.Hour).Format(time.DateTime), closed.Format(time.DateTime), rng.IntN(4), []string{"grid", "community"}[rng.IntN(2)]))
	}
	exec("insert into cases (case_id, reported_at, grid_code, category_1, due_at, closed_at, status, handoffs, handling_level) values " + strings.Join(values, ", "))
	all, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	var cat catalogue.Catalogue
	for _, code := range []string{"F13", "F14", "F31", "F42", "F16", "E21"} {
		ind, ok := all.ByCode(code)
		if !ok {
			t.Fatal(code)
		}
		cat = append(cat, ind)
	}
	if err := compute.Run(ctx, conn, cat, compute.Options{}); err != nil {
		t.Fatal(err)
	}
	return conn, cat
}

func month(m int) Span {
	first := time.Date(2026, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
	return Span{first, first.AddDate(0, 1, 0)}
}

// What is explained is the change that the pages show: the two values are those of the
// nightly run, and the parts by area and by category add up to their difference.
func TestTheStoredChangeIsExplainedExactly(t *testing.T) {
	conn, cat := district(t)
	ctx := context.Background()
	for _, code := range []string{"F13", "F31", "F42"} {
		ind, _ := cat.ByCode(code)
		for _, area := range [][2]string{{"district", "d"}, {"subdistrict", "s1"}, {"community", "s2c1"}} {
			a, err := Explain(ctx, conn, Question{Indicator: ind, Level: area[0], Code: area[1], Before: month(1), After: month(2)})
			if err != nil {
				t.Fatal(code, area, err)
			}
			var stored [2]float64
			for i, period := range []string{"2026-01", "2026-02"} {
				row := conn.QueryRowContext(ctx, "select value from indicator_value where indicator = ? and geo_level = ? and geo_code = ? and period = ?", code, area[0], area[1], period)
				if err := row.Scan(&stored[i]); err != nil {
					t.Fatal(code, area, err)
				}
			}
			what := fmt.Sprint(code, area)
			near(t, what+" before", a.Scale*a.ByArea.Before, stored[0], 1e-9)
			near(t, what+" after", a.Scale*a.ByArea.After, stored[1], 1e-9)
			for _, r := range []Result{a.ByArea, *a.ByCategory} {
				sum, subs := 0.0, 0.0
				for _, g := range r.Groups {
					sum += g.Total()
					subs += g.Mix
					for _, s := range g.Subs {
						subs += s.Total()
					}
				}
				near(t, what+" parts", a.Scale*sum, stored[1]-stored[0], 1e-9)
				near(t, what+" parts of parts", a.Scale*subs, stored[1]-stored[0], 1e-9)
			}
		}
	}
}

func TestCasesWithoutAPlaceAreAPartOfTheDistrict(t *testing.T) {
	conn, cat := district(t)
	ind, _ := cat.ByCode("F31")
	a, err := Explain(context.Background(), conn, Question{Indicator: ind, Level: "district", Code: "d", Before: month(1), After: month(2)})
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, g := range a.ByArea.Groups {
		keys[g.Key] = true
	}
	if len(keys) != 3 || !keys[Unknown] || !keys["s1"] || !keys["s2"] || len(a.ByCategory.Groups) != 4 {
		t.Errorf("areas %v, %d categories", keys, len(a.ByCategory.Groups))
	}
}

func TestWhatCannotBeSplitIsRefusedWithItsReason(t *testing.T) {
	conn, cat := district(t)
	ask := func(code, level, area string, before, after Span) error {
		ind, _ := cat.ByCode(code)
		_, err := Explain(context.Background(), conn, Question{Indicator: ind, Level: level, Code: area, Before: before, After: after})
		return err
	}
	var refused *NotSeparableError
	if err := ask("F14", "district", "d", month(1), month(2)); !errors.As(err, &refused) || refused.Kind != Median {
		t.Errorf("median: %v", err)
	}
	if err := ask("F13", "grid", "s1c1g1", month(1), month(2)); !errors.Is(err, ErrNoAreas) {
		t.Errorf("grid: %v", err)
	}
	quarter := Span{month(1).First, month(4).First}
	if err := ask("F16", "district", "d", quarter, quarter); !errors.Is(err, ErrMonthsOnly) {
		t.Errorf("stock: %v", err)
	}
	if err := ask("F13", "district", "d", month(1), Span{month(1).First, month(3).First}); !errors.Is(err, ErrOverlap) {
		t.Errorf("overlap: %v", err)
	}
	if err := ask("F13", "district", "d", month(7), month(2)); !errors.Is(err, ErrNoData) {
		t.Errorf("empty period: %v", err)
	}
}

func TestMoversAreSaidInWords(t *testing.T) {
	r, err := Split(Share, []Row{
		{Group: "a", Before: Sums{80, 100}, After: Sums{40, 100}},
		{Group: "b", Before: Sums{90, 100}, After: Sums{270, 300}},
		{Group: "c", After: Sums{10, 20}},
	}, Own)
	if err != nil {
		t.Fatal(err)
	}
	name := func(key string) string {
		return map[string]string{"a": "甲街道", "b": "乙街道", "c": "丙街道"}[key]
	}
	amount := func(v float64) string { return fmt.Sprintf("%.1f 个百分点", 100*v) }
	zh := strings.Join(r.Words("zh", 9, "全区", name, amount), "\n")
	for _, want := range []string{"甲街道自身下降，拉低全区", "乙街道所占比重由 50.0% 升至 71.4%，而其水平高于整体，拉高全区", "丙街道为新出现的部分，拉低全区"} {
		if !strings.Contains(zh, want) {
			t.Errorf("%q is missing in\n%s", want, zh)
		}
	}
	en := strings.Join(r.Words("en", 9, "the district", name, amount), "\n")
	for _, want := range []string{"A fall in 甲街道 itself lowered the district by", "The share of 乙街道 went from 50.0% to 71.4%; being above the whole, this raised the district"} {
		if !strings.Contains(en, want) {
			t.Errorf("%q is missing in\n%s", want, en)
		}
	}
}

// An indicator whose records are made of cases, or asked again about them, is explained without reading all of them.
func TestEveryDateOfCasesIsNamedInItsHeader(t *testing.T) {
	all, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, ind := range all {
		if !CanExplain(ind, false) || !slices.Contains([]string{"case_fact", "case_step", "repeat_fact", "survey_repair"}, ind.Fact) {
			continue
		}
		seen++
		if _, ok, err := facts.Within(ind.Fact, ind.Time, "main", facts.Span{First: "$1", End: "$2"}); !ok || err != nil {
			t.Errorf("%s: %s has no line \"-- dated %s: …\" in its header (%v)", ind.Code, ind.Fact, ind.Time, err)
		}
	}
	if seen < 20 {
		t.Errorf("%d indicators", seen)
	}
}

// Two months that follow each other are read as one span, others each by itself; the answer says the same.
func TestMonthsApartAreExplainedAsMonthsThatFollowEachOther(t *testing.T) {
	conn, cat := district(t)
	for _, code := range []string{"F13", "F31", "F42"} {
		ind, _ := cat.ByCode(code)
		there, err := Explain(context.Background(), conn, Question{Indicator: ind, Level: "district", Code: "d", Before: month(1), After: month(2)})
		if err != nil {
			t.Fatal(err)
		}
		back, err := Explain(context.Background(), conn, Question{Indicator: ind, Level: "district", Code: "d", Before: month(2), After: month(1)})
		if err != nil {
			t.Fatal(err)
		}
		near(t, code+" before", back.ByArea.Before, there.ByArea.After, 0)
		near(t, code+" after", back.ByArea.After, there.ByArea.Before, 0)
		near(t, code+" change", back.ByArea.Change, -there.ByArea.Change, 0)
	}
}
