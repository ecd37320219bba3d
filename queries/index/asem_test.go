package index_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/index/aggregate"
)

const tolerance = 1e-6

// asem is the published index: its tree and the table of every step.
type asem struct {
	config index.Config
	by     map[string]string // denominator by indicator
	groups []string
	steps  map[string]map[string][]float64
	units  []string
}

func readASEM(t *testing.T) asem {
	t.Helper()
	a := asem{by: map[string]string{}, steps: map[string]map[string][]float64{}}
	var root index.Node
	children := map[string][]index.Node{}
	meta := readCSV(t, "meta")
	for _, row := range meta[1:] {
		if row[9] != "Indicator" && row[9] != "Aggregate" {
			continue
		}
		weight, err := strconv.ParseFloat(row[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		n := index.Node{Code: row[1], Weight: weight}
		if row[9] == "Indicator" {
			n.Direction = map[string]string{"1": "up", "-1": "down"}[row[3]]
			if row[7] != "" {
				a.by[n.Code] = row[7]
			}
		} else {
			n.Children = children[n.Code]
		}
		children[row[8]] = append(children[row[8]], n)
		if row[8] == "" {
			root = n
		}
	}
	a.config = index.Config{Code: "asem", Scale: []float64{0, 100}, Impute: index.ImputeGroupMean, Treat: index.DefaultTreat(),
		Normalise: index.MinMax, Weights: index.WeightsGiven, Aggregate: []aggregate.Method{aggregate.Arithmetic}, Tree: root}
	for _, step := range []string{"raw", "denominated", "imputed", "treated", "normalised", "aggregated"} {
		rows := readCSV(t, step)
		a.steps[step] = map[string][]float64{}
		a.units, a.groups = nil, nil
		for j, name := range rows[0] {
			for _, row := range rows[1:] {
				switch name {
				case "UnitCode":
					a.units = append(a.units, row[j])
				case "Group_EurAsia":
					a.groups = append(a.groups, row[j])
				}
				x, err := strconv.ParseFloat(row[j], 64)
				if err != nil {
					x = math.NaN()
				}
				a.steps[step][name] = append(a.steps[step][name], x)
			}
		}
	}
	return a
}

func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/asem/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestThePublishedASEMIndexIsReproducedStepByStepFromRawToAggregated(t *testing.T) {
	a := readASEM(t)
	tree, err := index.NewTree(a.config.Tree)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, leaf := range tree.LeafNodes() {
		names = append(names, leaf.Code)
	}
	if len(names) != 49 || len(a.units) != 51 {
		t.Fatalf("%d indicators, %d countries", len(names), len(a.units))
	}

	denominators := a.denominators(names)
	denominated := index.NewTable(a.units, names)
	for j, name := range names {
		copy(denominated.Columns[j], a.steps["raw"][name])
		if by := a.by[name]; by != "" {
			denominated.Columns[j] = index.Denominate(a.steps["raw"][name], denominators[by])
		}
	}
	a.hold(t, "denominated", denominated)

	r, err := index.Build(a.config, denominated, a.groups)
	if err != nil {
		t.Fatal(err)
	}
	a.hold(t, "imputed", r.Imputed)
	a.hold(t, "treated", r.Treated)
	a.hold(t, "normalised", r.Normalised)
	a.hold(t, "aggregated", r.Scores)
}

// denominators are read off the first indicator that uses each; see testdata/asem/README.md.
func (a asem) denominators(names []string) map[string][]float64 {
	out := map[string][]float64{}
	for _, name := range names {
		by := a.by[name]
		if by == "" {
			continue
		}
		if out[by] == nil {
			out[by] = make([]float64, len(a.units))
			for i := range out[by] {
				out[by][i] = math.NaN()
			}
		}
		for i := range out[by] {
			if raw, den := a.steps["raw"][name][i], a.steps["denominated"][name][i]; den == 0 && math.IsNaN(out[by][i]) {
				out[by][i] = 1 // 0 divided by whatever it was; a later indicator may tell
			} else if !math.IsNaN(den) && (math.IsNaN(out[by][i]) || out[by][i] == 1) {
				out[by][i] = raw / den
			}
		}
	}
	return out
}

// hold fails on the largest absolute difference from the published step.
func (a asem) hold(t *testing.T, step string, got index.Table) {
	t.Helper()
	var worst float64
	compared := 0
	for j, name := range got.Names {
		for i, want := range a.steps[step][name] {
			x := got.Columns[j][i]
			if math.IsNaN(want) != math.IsNaN(x) {
				t.Errorf("%s: %s of %s is %v, published %v", step, name, a.units[i], x, want)
				continue
			}
			if !math.IsNaN(want) {
				worst = max(worst, math.Abs(x-want))
				compared++
			}
		}
	}
	t.Logf("%s: %d values, largest absolute difference %.2g", step, compared, worst)
	if worst > tolerance || compared < 2400 {
		t.Errorf("%s: largest absolute difference of %d values is %.3g, at most %.0e is allowed", step, compared, worst, tolerance)
	}
}
