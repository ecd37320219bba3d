package aggregate_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jiceng/jiceng/queries/index/aggregate"
)

var nan = math.NaN()

// C. L. Hwang and K. Yoon, Multiple Attribute Decision Making (1981): the choice
// of a fighter aircraft, with the book's relative closeness to the ideal.
func TestTOPSISChoosesHwangAndYoonsAircraft(t *testing.T) {
	columns := [][]float64{
		{2, 2.5, 1.8, 2.2},           // speed, Mach
		{1500, 2700, 2000, 1800},     // range, miles
		{20000, 18000, 21000, 20000}, // payload, pounds
		{5.5, 6.5, 4.5, 5},           // price, million dollars
		{5, 3, 7, 5},                 // reliability
		{9, 5, 7, 5},                 // manoeuvrability
	}
	got := aggregate.Closeness(columns, []float64{0.2, 0.1, 0.1, 0.1, 0.2, 0.3}, []bool{false, false, false, true, false, false})
	for i, want := range []float64{0.643, 0.268, 0.613, 0.312} {
		if math.Abs(got[i]-want) > 1e-3 {
			t.Errorf("A%d: %.4f, published %.3f", i+1, got[i], want)
		}
	}
}

func TestTOPSISOfUnitsThatAreAllAlikeIsHalf(t *testing.T) {
	for _, x := range aggregate.Closeness([][]float64{{3, 3}, {0, 0}}, []float64{0.5, 0.5}, nil) {
		if x != 0.5 {
			t.Errorf("%v", x)
		}
	}
	got := aggregate.Closeness([][]float64{{1, nan, 3}, {nan, nan, 2}}, []float64{0.5, 0.5}, nil)
	if !math.IsNaN(got[1]) || got[0] != 0 || got[2] != 1 {
		t.Errorf("%v", got)
	}
}

func TestMeansOfKnownValues(t *testing.T) {
	for _, c := range []struct {
		method          aggregate.Method
		values, weights []float64
		want            float64
	}{
		{aggregate.Arithmetic, []float64{1, 2, 6}, []float64{1, 1, 1}, 3},
		{aggregate.Geometric, []float64{1, 8}, []float64{2, 1}, 2},
		{aggregate.Harmonic, []float64{2, 6}, []float64{0.5, 0.5}, 3},
		{aggregate.Median, []float64{9, 1, 5}, []float64{1, 1, 1}, 5},
		{aggregate.Median, []float64{1, 5, 9, 20}, []float64{1, 1, 1, 1}, 7},
		{aggregate.Median, []float64{1, 5, 9}, []float64{5, 1, 1}, 1},
		{aggregate.Arithmetic, []float64{1, nan, 3}, []float64{1, 8, 1}, 2}, // missing is left out, not 0
		{aggregate.Geometric, []float64{nan, 4}, []float64{3, 1}, 4},
		{aggregate.Geometric, []float64{0, 4}, []float64{0, 1}, 4}, // without weight a zero does no harm
		{aggregate.Arithmetic, []float64{nan, nan}, []float64{1, 1}, nan},
	} {
		got, err := aggregate.Mean(c.method, c.values, c.weights)
		if err != nil || math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%s of %v by %v: %v (%v), want %v", c.method, c.values, c.weights, got, err, c.want)
		}
	}
}

func TestGeometricAndHarmonicMeansRefuseZeroAndNegativeValues(t *testing.T) {
	for _, method := range []aggregate.Method{aggregate.Geometric, aggregate.Harmonic} {
		for _, x := range []float64{0, -3} {
			if _, err := aggregate.Mean(method, []float64{x, 2}, []float64{1, 1}); !errors.Is(err, aggregate.ErrNotPositive) {
				t.Errorf("%s of %v: %v", method, x, err)
			}
		}
	}
}

func TestHarmonicIsAtMostGeometricIsAtMostArithmetic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		values, weights := make([]float64, 5), make([]float64, 5)
		for i := range values {
			values[i], weights[i] = 1+99*random.Float64(), random.Float64()
		}
		h, _ := aggregate.Mean(aggregate.Harmonic, values, weights)
		g, _ := aggregate.Mean(aggregate.Geometric, values, weights)
		a, _ := aggregate.Mean(aggregate.Arithmetic, values, weights)
		if h > g+1e-9 || g > a+1e-9 {
			t.Fatalf("harmonic %v, geometric %v, arithmetic %v", h, g, a)
		}
	}
}
