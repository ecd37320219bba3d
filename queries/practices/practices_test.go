package practices

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/schema"
)

var onTime = catalogue.Indicator{Code: "X1", Name: catalogue.Text{Zh: "按期率", En: "On time"}, Direction: "up", Kind: catalogue.Share, Unit: "percent", Scale: 1}

// store makes an empty snapshot with two subdistricts of 10 communities each and 24
// months of an indicator at 60 of 100 everywhere; in s1c0 … s1c4 it is 80 from 2025-01 on.
func store(t *testing.T) *sql.Conn {
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
	exec(t, conn, `insert into area by name
select 'community' as geo_level, 's' || s || 'c' || c as geo_code, 'subdistrict' as parent_level, 's' || s as parent_code
from range(1, 3) as a(s), range(10) as b(c)`)
	rng := rand.New(rand.NewPCG(5, 5))
	for s := 1; s <= 2; s++ {
		for c := range 10 {
			for m := range 24 {
				share := 60 + float64(rng.IntN(7)-3)
				if s == 1 && c < 5 && m >= 12 {
					share += 20
				}
				exec(t, conn, fmt.Sprintf(`insert into indicator_value by name select 'X1' as indicator, 'community' as geo_level, 's%dc%d' as geo_code,
	'month' as period_kind, '%d-%02d' as period, %v as numerator, 100 as denominator, %v as value`, s, c, 2024+m/12, 1+m%12, share, share/100))
			}
		}
	}
	return conn
}

func exec(t *testing.T, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// introduce adds an intervention.
func introduce(t *testing.T, conn *sql.Conn, practice, outcome, level, code, from, to string) {
	t.Helper()
	exec(t, conn, fmt.Sprintf(`insert into interventions by name select '%s' as practice, '做法' as practice_name, 'Practice' as practice_name_en,
	nullif('%s', '') as outcome, '%s' as geo_level, '%s' as geo_code, date '%s' as started_on, try_cast('%s' as date) as ended_on`, practice, outcome, level, code, from, to))
}

func run(t *testing.T, conn *sql.Conn, cat catalogue.Catalogue) map[string]Practice {
	t.Helper()
	ctx := context.Background()
	if _, err := Run(ctx, conn, cat); err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, conn)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]Practice{}
	for _, p := range all {
		found[p.Code] = p
	}
	return found
}

func TestAPracticeOfTheFeedIsEvaluatedAndStored(t *testing.T) {
	conn := store(t)
	for c := range 5 {
		introduce(t, conn, "new_way", "X1", "community", fmt.Sprint("s1c", c), "2025-01-01", "")
	}
	p := run(t, conn, catalogue.Catalogue{onTime})["new_way"]
	if len(p.Outcomes) != 1 || p.Areas != 5 || len(p.Outcomes[0].Alternatives) != 3 {
		t.Fatalf("practice %+v", p)
	}
	e := p.Outcomes[0].Effect
	near(t, "effect", e.Value, 0.2, 0.01)
	near(t, "before", e.Before, 0.6, 0.01)
	near(t, "after", e.After, 0.8, 0.01)
	near(t, "effect from the levels", (e.After-e.Before)-(e.ControlAfter-e.ControlBefore), e.Value, 1e-9)
	if e.Verdict != Works || e.Treated != 5 || e.ControlUnits != 5 || e.LeftOut != 10 || !e.Few {
		t.Errorf("effect %+v", e)
	}
	if low, high := e.Interval(); low != e.PermutationLow || high != e.PermutationHigh {
		t.Error("with few areas the interval is the permutation's")
	}
	points, err := Points(context.Background(), conn, "new_way", "X1", "community")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, x := range points {
		kinds[x.Kind]++
		if x.Kind == "event" && x.Position >= 0 && math.Abs(x.Treated-x.Control-0.2) > 0.02 {
			t.Errorf("point %+v", x)
		}
	}
	if kinds["event"] != 8 || kinds["group"] != 1 || kinds["group_time"] != 8 {
		t.Errorf("points by kind %v", kinds)
	}
	for lang, want := range map[string]string{"zh": "个社区“按期率”多升 19.9 个百分点", "en": "rose 19.9 percentage points more"} {
		text := e.Sentence(lang, onTime, map[string]string{"zh": "社区", "en": "communities"}[lang])
		if !strings.Contains(text, want) || strings.Contains(text, "%!") {
			t.Errorf("%s: %s", lang, text)
		}
	}
}

func TestTheMonthInWhichAPracticeStartsCountsForNeitherSide(t *testing.T) {
	conn := store(t)
	for c := range 5 {
		introduce(t, conn, "new_way", "X1", "community", fmt.Sprint("s1c", c), "2024-12-15", "2025-11-03")
	}
	run(t, conn, catalogue.Catalogue{onTime})
	points, err := Points(context.Background(), conn, "new_way", "X1", "community")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[int]float64{}
	for _, x := range points {
		if x.Kind == "event" {
			cases[x.Position] = x.Cases
		}
		if x.Kind == "group" && x.Group != "2025-01" {
			t.Errorf("group %s", x.Group)
		}
	}
	// 5 communities with 100 cases a month: without December 2024, and without November and December 2025
	for position, want := range map[int]float64{-6: 1500, -3: 1000, 0: 1500, 9: 500} {
		if cases[position] != want {
			t.Errorf("%v cases in the three months from %d, want %v", cases[position], position, want)
		}
	}
}

func TestAreasWithAnotherPracticeAreNoControlsWhileEnoughOthersAre(t *testing.T) {
	conn := store(t)
	exec(t, conn, "update area set parent_code = 's1'")
	for c := range 5 {
		introduce(t, conn, "new_way", "X1", "community", fmt.Sprint("s1c", c), "2025-01-01", "")
	}
	for c := range 5 {
		introduce(t, conn, "other", "", "community", fmt.Sprint("s2c", c), "2025-01-01", "")
	}
	if e := run(t, conn, catalogue.Catalogue{onTime})["new_way"].Outcomes[0].Effect; e.ControlUnits != 10 {
		t.Errorf("%d controls, want the 10 without the other practice", e.ControlUnits)
	}
	introduce(t, conn, "other", "", "community", "s2c5", "2025-01-01", "")
	if e := run(t, conn, catalogue.Catalogue{onTime})["new_way"].Outcomes[0].Effect; e.ControlUnits != 15 {
		t.Errorf("%d controls, want all 15 where only 9 are clean", e.ControlUnits)
	}
}

func TestWhatCannotBeEvaluatedSaysWhy(t *testing.T) {
	conn := store(t)
	introduce(t, conn, "everywhere", "X1", "district", "d", "2025-01-01", "")
	introduce(t, conn, "unknown", "X9", "community", "s1c0", "2025-01-01", "")
	introduce(t, conn, "too_early", "X1", "community", "s1c0", "2023-01-01", "")
	for c := range 10 {
		introduce(t, conn, "whole", "X1", "community", fmt.Sprint("s1c", c), "2025-01-01", "")
	}
	exec(t, conn, `insert into indicator_value by name select 'X1' as indicator, 'district' as geo_level, 'd' as geo_code, 'month' as period_kind,
	'2025-' || lpad(m::varchar, 2, '0') as period, 1 as numerator, 2 as denominator from range(1, 13) as r(m)`)
	found := run(t, conn, catalogue.Catalogue{onTime})
	for practice, want := range map[string]Verdict{"everywhere": NoTreated, "unknown": NoData, "too_early": NoTreated, "whole": NoControls} {
		e := found[practice].Outcomes[0].Effect
		if e.Verdict != want || !math.IsNaN(e.Value) {
			t.Errorf("%s: %s with effect %v, want %s", practice, e.Verdict, e.Value, want)
		}
		for _, lang := range []string{"zh", "en"} {
			if text := e.Sentence(lang, onTime, "社区"); text == "" || strings.Contains(text, "NaN") {
				t.Errorf("%s: %q", practice, text)
			}
		}
	}
	if p, ok := found["embedding"]; !ok || len(p.Outcomes) != 0 || p.Name.Zh != "嵌入式改革" {
		t.Errorf("a seed practice that was not introduced: %+v", p)
	}
}

func TestEveryVerdictHasASentence(t *testing.T) {
	e := Effect{Indicator: "X1", Estimate: Estimate{Value: -0.031, StdError: 0.01, Low: -0.05, High: -0.01}, Treated: 12}
	neutral := onTime
	neutral.Counterpart = "X2"
	seen := map[string]bool{}
	for _, v := range []Verdict{Works, Harms, Moved, NoEffectSeen, TrendsDiffered} {
		for _, lang := range []string{"zh", "en"} {
			e.Verdict = v
			text := e.Sentence(lang, neutral, "社区")
			if seen[text] || !strings.Contains(text, "3.1") || strings.Contains(text, "%!") || strings.Contains(text, " -") {
				t.Errorf("%s %s: %s", v, lang, text)
			}
			seen[text] = true
		}
	}
}
