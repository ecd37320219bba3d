package dea

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func TestTheFastTableauGivesWhatTheGeneralSimplexGives(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for round := range 40 {
		n := 5 + random.IntN(60)
		u := Units{Inputs: make([][]float64, 2), Outputs: make([][]float64, 2)}
		for range n {
			for i := range 2 {
				x, y := random.ExpFloat64(), random.ExpFloat64()
				if round%2 == 0 { // many ties and zeros
					x, y = float64(1+random.IntN(3)), float64(random.IntN(3))
				}
				u.Inputs[i] = append(u.Inputs[i], x)
				u.Outputs[i] = append(u.Outputs[i], y)
			}
		}
		u = u.scaled()
		fast := newTableau(u)
		for j := range n {
			if total(u.Outputs, j) == 0 {
				continue
			}
			want, err := u.radial(u, j, Constant, -1)
			if err != nil {
				t.Fatal(err)
			}
			if got := fast.phi(u, u.Inputs, u.Outputs, j); math.Abs(got-want) > 1e-7*want {
				t.Fatalf("round %d, unit %d: %v, want %v", round, j, got, want)
			}
		}
	}
}

// One input, one output, a known frontier y = x and inefficiencies that are half
// normal: the truth must lie in most intervals, and bias correction must help.
func TestBootstrapIntervalsHoldTheTruthAboutAsOftenAsTheySay(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 11))
	var inside, all, before, after float64
	for trial := range 60 {
		const n = 40
		u := Units{Inputs: [][]float64{make([]float64, n)}, Outputs: [][]float64{make([]float64, n)}}
		truth := make([]float64, n)
		for j := range n {
			phi := 1 + math.Abs(0.4*random.NormFloat64())
			u.Inputs[0][j] = 5 + 10*random.Float64()
			u.Outputs[0][j] = u.Inputs[0][j] / phi
			truth[j] = 1 / phi
		}
		seen, err := Bootstrap(u, 200, 0.95, uint64(trial))
		if err != nil {
			t.Fatal(err)
		}
		results, err := Analyse(u)
		if err != nil {
			t.Fatal(err)
		}
		for j, s := range seen {
			if s.Low > s.High || s.High > results[j].CCR+1e-9 || s.Corrected > results[j].CCR+1e-9 {
				t.Fatalf("unit %d: efficiency %v, %+v", j, results[j].CCR, s)
			}
			all++
			if s.Low <= truth[j] && truth[j] <= s.High {
				inside++
			}
			before += math.Abs(results[j].CCR - truth[j])
			after += math.Abs(s.Corrected - truth[j])
		}
	}
	t.Logf("inside %.3f, mean error %.4f before and %.4f after correction", inside/all, before/all, after/all)
	if inside/all < 0.85 || inside/all > 0.995 || after >= before {
		t.Errorf("the truth is inside %.0f %% of the intervals; mean error %.4f before and %.4f after correction", 100*inside/all, before/all, after/all)
	}
}

func TestABootstrapOfFewUnitsIsRefusedAndTheSameSeedGivesTheSameAnswer(t *testing.T) {
	few := Units{Inputs: [][]float64{{1, 2, 3}}, Outputs: [][]float64{{1, 1, 1}}}
	if _, err := Bootstrap(few, 10, 0.95, 1); !errors.Is(err, ErrTooFew) {
		t.Errorf("%v", err)
	}
	u := Units{Inputs: [][]float64{nil, nil}, Outputs: [][]float64{nil}}
	random := rand.New(rand.NewPCG(2, 2))
	for range 25 {
		u.Inputs[0] = append(u.Inputs[0], 1+random.Float64())
		u.Inputs[1] = append(u.Inputs[1], 1+random.Float64())
		u.Outputs[0] = append(u.Outputs[0], random.Float64())
	}
	u.Outputs[0][4] = 0
	a, err := Bootstrap(u, 50, 0.95, 9)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Bootstrap(u, 50, 0.95, 9)
	if err != nil {
		t.Fatal(err)
	}
	for j := range a {
		if j != 4 && a[j] != b[j] {
			t.Errorf("unit %d: %+v and %+v", j, a[j], b[j])
		}
	}
	if !math.IsNaN(a[4].Corrected) {
		t.Errorf("a unit without output has %+v", a[4])
	}
}

func BenchmarkBootstrap(b *testing.B) {
	random := rand.New(rand.NewPCG(2, 2))
	u := Units{Inputs: [][]float64{nil, nil}, Outputs: [][]float64{nil, nil}}
	for range 120 {
		for i := range 2 {
			u.Inputs[i] = append(u.Inputs[i], float64(1+random.IntN(40)))
			u.Outputs[i] = append(u.Outputs[i], float64(1+random.IntN(200)))
		}
	}
	for b.Loop() {
		if _, err := Bootstrap(u, 100, 0.95, 1); err != nil {
			b.Fatal(err)
		}
	}
}
