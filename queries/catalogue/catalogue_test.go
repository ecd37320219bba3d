package catalogue_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jiceng/jiceng/queries/catalogue"
	"github.com/jiceng/jiceng/queries/schema"
)

var update = flag.Bool("update", false, "write docs/indicators.md")

func load(t *testing.T) catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryRowOfTheSubjectIsServed(t *testing.T) {
	served := map[string]bool{}
	for _, ind := range load(t) {
		for _, row := range ind.Rows {
			served[row] = true
		}
	}
	for _, row := range catalogue.Rows() {
		if !served[row.Key] {
			t.Errorf("no indicator serves %s (%s)", row.Key, row.Name.En)
		}
	}
}

// The codes of the list that the catalogue must hold, with what offices report by another name (E49 回退率, F26 监督举报率,
// F27 超期结案率, F28 未结案率, F29 有效上报率) and what the subject's table names without a code.
func TestTheCatalogueHoldsTheWholeList(t *testing.T) {
	want := "E10 E11 E12 E13 E14 E15 E16 E17 E18 E19 E21 E22 E23 E24 E25 E26 E27 E31 E32 E33 E34 E35 E36 E41 E42 E43 E44 E45 E46 E47 E48 E49 E51 E52 E53 E54 E55 " +
		"F11 F12 F13 F14 F15 F16 F17 F18 F19 F21 F22 F23 F24 F25 F26 F27 F28 F29 F31 F32 F33 F34 F35 F41 F42 F43 F51 F52 F53 F54 F55 F61 F62 F63 F64"
	c := load(t)
	for _, code := range strings.Fields(want) {
		if _, ok := c.ByCode(code); !ok {
			t.Errorf("%s is missing", code)
		}
	}
}

func TestHeadersAreWhole(t *testing.T) {
	feeds, err := schema.Feeds()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range feeds {
		known[f.Name] = true
	}
	c := load(t)
	for _, ind := range c {
		for _, f := range ind.Fields() {
			if f.Name.Zh == "" || f.Name.En == "" {
				t.Errorf("%s: %s is empty in a language", ind.Code, f.Key)
			}
			if f.Name.Zh == f.Name.En && f.Key != "单位" {
				t.Errorf("%s: %s is the same in both languages: %s", ind.Code, f.Key, f.Name.En)
			}
		}
		for _, feed := range ind.Feeds {
			if !known[feed] {
				t.Errorf("%s: there is no feed %s", ind.Code, feed)
			}
		}
		if ind.Direction != "neutral" && ind.Target == nil && ind.Kind != catalogue.Derived {
			t.Errorf("%s has a direction but no default target", ind.Code)
		}
		if ind.Counterpart != "" {
			if _, ok := c.ByCode(ind.Counterpart); !ok {
				t.Errorf("%s: its counterpart %s does not exist", ind.Code, ind.Counterpart)
			}
		}
	}
}

func TestTheDocumentIsCurrent(t *testing.T) {
	const path = "../../docs/indicators.md"
	text := load(t).Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != text {
		t.Error("docs/indicators.md is not what the indicator files say: run go test ./queries/catalogue -update")
	}
}

func TestTheMostPreciseTargetWins(t *testing.T) {
	general := 0.9
	ind := catalogue.Indicator{Target: &general, Targets: []catalogue.Target{
		{Level: "grid", Value: 0.7}, {PeriodKind: "month", Value: 0.8}, {Level: "grid", PeriodKind: "year", Value: 0.75}}}
	for _, c := range []struct {
		level, kind string
		want        float64
	}{{"district", "year", 0.9}, {"district", "month", 0.8}, {"grid", "month", 0.7}, {"grid", "year", 0.75}} {
		if got, ok := ind.TargetFor(c.level, c.kind); !ok || got != c.want {
			t.Errorf("%s %s: %v, want %v", c.level, c.kind, got, c.want)
		}
	}
	if _, ok := (catalogue.Indicator{}).TargetFor("grid", "month"); ok {
		t.Error("an indicator without targets has one")
	}
}

// Each file is a sound indicator but for one line; the message names what is wrong.
func TestWhatIsWrongWithAFileIsSaid(t *testing.T) {
	e11, _ := load(t).ByCode("E11")
	good := e11.SQL
	for _, c := range []struct{ old, new, message string }{
		{"-- kind: rate", "-- kind: guess", "kind is \"guess\""},
		{"-- unit: per_1000", "-- unit: bushels", "unit is \"bushels\""},
		{"-- rows: ", "-- rows: nowhere, ", "no row \"nowhere\""},
		{"-- name zh: ", "-- nom: ", "unknown field \"nom\""},
		{"-- direction: up", "-- direction: neutral", "counterpart"},
		{"-- target: ", "-- target hamlet: ", "hamlet"},
		{"sum(population) as denominator", "sum(population) as people", "columns"},
		{"\nfrom grid_month", "\nfrom grid_month, cases", "not of the form"},
		{"-- caveat en: ", "-- caveat en:  ", ""},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatalf("%q is not in %s", c.old, good)
		}
		_, err := catalogue.Read(fstest.MapFS{"E11.sql": &fstest.MapFile{Data: []byte(text)}})
		switch {
		case c.message == "" && err != nil:
			t.Errorf("%q: %v", c.new, err)
		case c.message != "" && (err == nil || !strings.Contains(err.Error(), c.message)):
			t.Errorf("%q: error %v, want one about %q", c.new, err, c.message)
		}
	}
}
