package dea_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jiceng/jiceng/queries/dea"
)

func near(t *testing.T, what string, got, want []float64, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= within) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("%s of unit %d: %.6f, want %.6f", what, i+1, got[i], want[i])
		}
	}
}

func analyse(t *testing.T, u dea.Units) []dea.Result {
	t.Helper()
	r, err := dea.Analyse(u)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func each(results []dea.Result, of func(dea.Result) float64) []float64 {
	out := make([]float64, len(results))
	for i, r := range results {
		out[i] = of(r)
	}
	return out
}

// W. W. Cooper, L. M. Seiford, K. Tone, Data Envelopment Analysis, 2nd ed. 2007:
// eight branches of a store, one input and one output (table 1.1).
func TestEightBranchesOfTheTextbook(t *testing.T) {
	r := analyse(t, dea.Units{Inputs: [][]float64{{2, 3, 3, 4, 5, 5, 6, 8}}, Outputs: [][]float64{{1, 3, 2, 3, 4, 2, 3, 5}}})
	near(t, "CCR", each(r, func(r dea.Result) float64 { return r.CCR }), []float64{0.5, 1, 2. / 3, 0.75, 0.8, 0.4, 0.5, 0.625}, 1e-7)
	want := []dea.Returns{dea.Increasing, dea.Constant, dea.Constant, dea.Decreasing, dea.Decreasing, dea.Decreasing, dea.Decreasing, dea.Decreasing}
	for i, x := range r {
		if i != 2 && x.Returns != want[i] { // C, output-oriented, lies under B itself
			t.Errorf("branch %d has %s returns, want %s", i+1, x.Returns, want[i])
		}
	}
	if len(r[3].Peers) != 1 || r[3].Peers[0].Unit != 1 || math.Abs(r[3].Peers[0].Weight-4./3) > 1e-6 {
		t.Errorf("peers of D: %+v", r[3].Peers)
	}
}

// The same book's supermarkets with two inputs and one output (table 2.2): F is
// on the frontier but wastes 2 of its first input beside C.
func TestSixSupermarketsOfTheTextbookWithSlackAndSuperEfficiency(t *testing.T) {
	r := analyse(t, dea.Units{Inputs: [][]float64{{4, 7, 8, 4, 2, 10}, {3, 3, 1, 2, 4, 1}}, Outputs: [][]float64{{1, 1, 1, 1, 1, 1}}})
	near(t, "CCR", each(r, func(r dea.Result) float64 { return r.CCR }), []float64{0.857142857, 0.631578947, 1, 1, 1, 1}, 1e-7)
	if math.Abs(r[5].InputSlack[0]-2) > 1e-6 || r[5].InputSlack[1] != 0 || r[5].Peers[0].Unit != 2 || math.Abs(r[5].InputTarget[0]-8) > 1e-6 {
		t.Errorf("F: slacks %v, peers %v, targets %v", r[5].InputSlack, r[5].Peers, r[5].InputTarget)
	}
	// Andersen and Petersen (1993) on these data; digits from scipy 1.17.1 (linprog, HiGHS).
	near(t, "super-efficiency", each(r, func(r dea.Result) float64 { return r.Super }), []float64{0.857142857, 0.631578947, 1.142857143, 1.25, 2, 1}, 1e-7)
}

// The same book's twelve hospitals (table 1.5): doctors and nurses, outpatients and inpatients.
var hospitals = dea.Units{
	Inputs:  [][]float64{{20, 19, 25, 27, 22, 55, 33, 31, 30, 50, 53, 38}, {151, 131, 160, 168, 158, 255, 235, 206, 244, 268, 306, 284}},
	Outputs: [][]float64{{100, 150, 160, 180, 94, 230, 220, 152, 190, 250, 260, 250}, {90, 50, 55, 72, 66, 90, 88, 80, 100, 100, 147, 120}},
}

func TestTwelveHospitalsOfTheTextbook(t *testing.T) {
	r := analyse(t, hospitals)
	// As published, to three digits.
	near(t, "CCR", each(r, func(r dea.Result) float64 { return r.CCR }), []float64{1, 1, 0.883, 1, 0.763, 0.835, 0.902, 0.796, 0.960, 0.871, 0.955, 0.958}, 6e-4)
	// Output-oriented BCC, peers and slacks from Pyfrontier 1.1.1 (PyPI), EnvelopDEA("VRS"/"CRS", "out").
	near(t, "1/BCC", each(r, func(r dea.Result) float64 { return 1 / r.BCC }),
		[]float64{1, 1, 1.081608, 1, 1.304403, 1.047391, 1, 1.210783, 1.010165, 1, 1, 1}, 1e-6)
	near(t, "1/CCR", each(r, func(r dea.Result) float64 { return 1 / r.CCR }),
		[]float64{1, 1, 1.132877, 1, 1.309759, 1.197933, 1.108696, 1.255755, 1.041241, 1.148571, 1.047013, 1.043619}, 1e-6)
	near(t, "first input's slack", each(r, func(r dea.Result) float64 { return r.InputSlack[0] }),
		[]float64{0, 0, 1.3795145, 0, 0, 14.509866, 0, 0, 0, 6.9285858, 7.6643416, 0}, 1e-4)
	near(t, "second input's slack", each(r, func(r dea.Result) float64 { return r.InputSlack[1] }),
		[]float64{0, 0, 0, 0, 0, 0, 3.7129709, 0, 28.328309, 0, 0, 13.150175}, 1e-4)
	peers := map[int]float64{}
	for _, p := range r[4].Peers {
		peers[p.Unit] = p.Weight
	}
	near(t, "peers of the fifth", []float64{peers[0], peers[1], peers[3]}, []float64{0.758928, 0.074924, 0.199922}, 1e-5)
	// Super-efficiency, constant and variable returns, from scipy 1.17.1 (linprog, HiGHS); the second hospital
	// has the least of both inputs, so that no mix of the others does with as little.
	near(t, "super", each(r, func(r dea.Result) float64 { return r.Super }),
		[]float64{1.4085, 1.1842, 0.8827, 1.0160, 0.7635, 0.8348, 0.9020, 0.7963, 0.9604, 0.8706, 0.9551, 0.9582}, 6e-5)
	near(t, "super under variable returns", each(r, func(r dea.Result) float64 { return r.SuperVariable }),
		[]float64{1.6265, math.NaN(), 0.9245, 1.0357, 0.7666, 0.9548, 1.0008, 0.8259, 0.9899, 1.0402, 1.2250, 1.1144}, 6e-5)
	if !errors.Is(r[1].SuperVariableErr, dea.ErrInfeasible) {
		t.Errorf("the second hospital: %v", r[1].SuperVariableErr)
	}
}

// T. Coelli, A Guide to DEAP Version 2.1 (1996), example 4: five firms, three
// years, one output and one input, output-oriented Malmquist indices.
func TestMalmquistOfDEAPsFiveFirms(t *testing.T) {
	years := []dea.Units{
		{Inputs: [][]float64{{2, 4, 3, 5, 6}}, Outputs: [][]float64{{1, 2, 3, 4, 5}}},
		{Inputs: [][]float64{{2, 4, 3, 5, 5}}, Outputs: [][]float64{{1, 3, 4, 3, 5}}},
		{Inputs: [][]float64{{2, 4, 3, 5, 5}}, Outputs: [][]float64{{1, 3, 4, 3, 5}}},
	}
	got, err := dea.Malmquist(years[0], years[1])
	if err != nil {
		t.Fatal(err)
	}
	published := [][]float64{ // effch, techch, pech, sech, tfpch
		{0.750, 1.333, 1.000, 0.750, 1.000},
		{1.125, 1.333, 1.222, 0.920, 1.500},
		{1.000, 1.333, 1.000, 1.000, 1.333},
		{0.562, 1.333, 0.650, 0.865, 0.750},
		{0.900, 1.333, 1.000, 0.900, 1.200},
	}
	for i, c := range got {
		near(t, "change", []float64{c.CatchingUp, c.FrontierShift, c.Pure, c.Scale, c.Malmquist}, published[i], 6e-4)
	}
	if got, err = dea.Malmquist(years[1], years[2]); err != nil {
		t.Fatal(err)
	}
	for _, c := range got {
		near(t, "no change", []float64{c.CatchingUp, c.FrontierShift, c.Pure, c.Scale, c.Malmquist}, []float64{1, 1, 1, 1, 1}, 1e-7)
	}
}

func TestWhatCannotBeMeasuredIsNamed(t *testing.T) {
	for what, u := range map[string]dea.Units{
		"negative":    {Inputs: [][]float64{{1, -1}}, Outputs: [][]float64{{1, 1}}},
		"missing":     {Inputs: [][]float64{{1, 1}}, Outputs: [][]float64{{1, math.NaN()}}},
		"no input":    {Inputs: [][]float64{{1, 0}, {2, 0}}, Outputs: [][]float64{{1, 1}}},
		"no outputs":  {Inputs: [][]float64{{1, 1}}},
		"unlike rows": {Inputs: [][]float64{{1, 1}}, Outputs: [][]float64{{1}}},
	} {
		if _, err := dea.Analyse(u); !errors.Is(err, dea.ErrAmounts) {
			t.Errorf("%s: %v", what, err)
		}
	}
	r := analyse(t, dea.Units{Inputs: [][]float64{{1, 1, 2}}, Outputs: [][]float64{{2, 0, 3}}})
	if r[1].CCR != 0 || !errors.Is(r[1].SuperErr, dea.ErrNoOutput) {
		t.Errorf("a unit without output: %+v", r[1])
	}
	one := analyse(t, dea.Units{Inputs: [][]float64{{5}}, Outputs: [][]float64{{3}}})
	if math.Abs(one[0].CCR-1) > 1e-9 || !errors.Is(one[0].SuperErr, dea.ErrInfeasible) {
		t.Errorf("one unit alone: %+v", one[0])
	}
}

// drawn gives units of many ties, zeros and unlike magnitudes.
func drawn(random *rand.Rand, n int, coarse bool) dea.Units {
	u := dea.Units{Inputs: make([][]float64, 2), Outputs: make([][]float64, 2)}
	for range n {
		row := []float64{float64(1 + random.IntN(20)), float64(random.IntN(4000)), float64(random.IntN(300)), float64(random.IntN(100))}
		if coarse {
			row = []float64{float64(1 + random.IntN(3)), float64(1 + random.IntN(2)), float64(random.IntN(3)), float64(1 + random.IntN(3))}
		}
		for i := range 2 {
			u.Inputs[i] = append(u.Inputs[i], row[i])
			u.Outputs[i] = append(u.Outputs[i], row[2+i])
		}
	}
	return u
}

func TestEfficiencyDoesNotDependOnUnitsOfMeasureOrDuplicatesAndOrdersAsItMust(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	for round := range 12 {
		u := drawn(random, 5+5*round, round%2 == 0)
		r := analyse(t, u)
		scaled := dea.Units{}
		for i := range 2 {
			scaled.Inputs = append(scaled.Inputs, times(u.Inputs[i], 1000))
			scaled.Outputs = append(scaled.Outputs, times(u.Outputs[i], 0.001))
		}
		// One unit twice: nothing changes but that it has no super-efficiency above 1.
		twice := dea.Units{}
		for i := range 2 {
			twice.Inputs = append(twice.Inputs, append(times(u.Inputs[i], 1), u.Inputs[i][0]))
			twice.Outputs = append(twice.Outputs, append(times(u.Outputs[i], 1), u.Outputs[i][0]))
		}
		s, d := analyse(t, scaled), analyse(t, twice)
		for j, x := range r {
			if math.Abs(x.CCR-s[j].CCR) > 1e-6 || math.Abs(x.BCC-s[j].BCC) > 1e-6 || math.Abs(x.CCR-d[j].CCR) > 1e-6 {
				t.Fatalf("unit %d: CCR %v, scaled %v, with a duplicate %v", j+1, x.CCR, s[j].CCR, d[j].CCR)
			}
			if x.CCR > x.BCC+1e-7 || x.BCC > 1+1e-7 {
				t.Fatalf("unit %d: CCR %v, BCC %v", j+1, x.CCR, x.BCC)
			}
			if x.SuperErr == nil && x.CCR < 1-1e-6 && math.Abs(x.Super-x.CCR) > 1e-6 {
				t.Fatalf("unit %d: inefficient %v, but super-efficient %v", j+1, x.CCR, x.Super)
			}
		}
	}
}

func times(row []float64, by float64) []float64 {
	out := make([]float64, len(row))
	for i, x := range row {
		out[i] = x * by
	}
	return out
}
