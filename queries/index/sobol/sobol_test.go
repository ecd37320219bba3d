package sobol_test

import (
	"math"
	"testing"

	"github.com/jiceng/jiceng/queries/index/sobol"
)

// T. Ishigami and T. Homma (1990): f = sin x1 + a sin² x2 + b x3⁴ sin x1 on
// (−π, π)³, whose indices follow by integration.
func TestIshigamisFunctionHasItsExactIndices(t *testing.T) {
	const a, b = 7.0, 0.1
	model := func(u []float64) float64 {
		x := [3]float64{}
		for i := range x {
			x[i] = math.Pi * (2*u[i] - 1)
		}
		return math.Sin(x[0]) + a*math.Pow(math.Sin(x[1]), 2) + b*math.Pow(x[2], 4)*math.Sin(x[0])
	}
	pi4, pi8 := math.Pow(math.Pi, 4), math.Pow(math.Pi, 8)
	v1 := 0.5 * math.Pow(1+b*pi4/5, 2)
	v2 := a * a / 8
	v13 := 8 * b * b * pi8 / 225
	v := v1 + v2 + v13
	want := []sobol.Indices{{First: v1 / v, Total: (v1 + v13) / v}, {First: v2 / v, Total: v2 / v}, {First: 0, Total: v13 / v}}
	for k, got := range sobol.Analyse(3, 16384, 1, model) {
		if math.Abs(got.First-want[k].First) > 0.01 || math.Abs(got.Total-want[k].Total) > 0.01 {
			t.Errorf("input %d: got %.4f and %.4f, want %.4f and %.4f", k+1, got.First, got.Total, want[k].First, want[k].Total)
		}
	}
}

func TestAnInputThatDoesNothingHasNoIndexAndAConstantModelHasNone(t *testing.T) {
	got := sobol.Analyse(2, 1024, 1, func(u []float64) float64 { return u[0] })
	if math.Abs(got[1].First) > 1e-9 || math.Abs(got[1].Total) > 1e-9 || math.Abs(got[0].Total-1) > 0.02 {
		t.Errorf("got %+v", got)
	}
	for _, s := range sobol.Analyse(2, 64, 1, func([]float64) float64 { return 3 }) {
		if !math.IsNaN(s.First) || !math.IsNaN(s.Total) {
			t.Errorf("a constant model has indices %+v", s)
		}
	}
}
