package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jiceng/jiceng/queries/stat"
)

// Deaths and open operations on children under one year in the twelve English centres,
// April 1991 – March 1995 (hospital episode statistics, as the Bristol inquiry had
// them; Aylin and others, Lancet 358, 2001, found Bristol, the first, to be an outlier).
var (
	heartDeaths     = []float64{41, 25, 24, 23, 25, 42, 24, 53, 26, 25, 58, 31}
	heartOperations = []float64{143, 187, 323, 122, 164, 405, 239, 482, 195, 177, 581, 301}
)

// Deaths and operations of the "Surgical" example that comes with WinBUGS
// (Spiegelhalter, Thomas, Best and Gilks, 1996), hospitals A to L.
var (
	surgicalDeaths     = []float64{0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24}
	surgicalOperations = []float64{47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360}
)

// The expected numbers were computed with numpy 2.4 (quantile, clip) and scipy 1.17
// (stats.binom, stats.betabinom) from the formulas in NewFunnel's and Limits' comments.
func TestFunnelsOfTwoPublishedTables(t *testing.T) {
	type limit struct{ n, conf, low, high float64 }
	for _, c := range []struct {
		name              string
		x, n              []float64
		target, phi, tau2 float64
		over              bool
		limits            []limit
	}{
		{"heart operations, no more than chance once the outlier is drawn in", heartDeaths, heartOperations, 0.11961434166917746, 1.6892904956797954, 0, false, []limit{
			{5, 0.95, 0, 0.5778557632636973}, {5, 0.998, 0, 0.7988781022982476},
			{47, 0.95, 0.02402269016122772, 0.23075557227521415}, {143, 0.95, 0.06527892185647943, 0.1789840800697805},
			{143, 0.998, 0.0404849275337612, 0.2143101283562171}, {1000, 0.998, 0.0885001981434585, 0.15287839010737192}}},
		{"surgical, over-dispersed", surgicalDeaths, surgicalOperations, 0.07391613361762615, 2.3632870356790465, 0.0004898897286732401, true, []limit{
			{47, 0.95, 0, 0.18502683991123858}, {143, 0.95, 0.018444657251187165, 0.14631986532821073},
			{143, 0.998, 0.0010053988840795175, 0.19805708862463778}, {810, 0.95, 0.03300575571460305, 0.12738668044437684},
			{1000, 0.998, 0.019123986921410062, 0.1652681865446214}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := stat.NewFunnel(c.x, c.n)
			close := func(what string, got, want float64) {
				t.Helper()
				if math.Abs(got-want) > 1e-9 {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
			}
			close("target", f.Target, c.target)
			close("phi", f.Phi, c.phi)
			close("tau2", f.Tau2, c.tau2)
			if f.Overdispersed != c.over || f.Areas != len(c.n) {
				t.Errorf("%+v", f)
			}
			for _, l := range c.limits {
				got := f.Limits(l.n, l.conf)
				close("low", got.Low, l.low)
				close("high", got.High, l.high)
			}
		})
	}
}

func TestBristolIsTheOneFarOutside(t *testing.T) {
	f := stat.NewFunnel(heartDeaths, heartOperations)
	for i, n := range heartOperations {
		share := heartDeaths[i] / n
		if far := share > f.Limits(n, 0.998).High; far != (i == 0) {
			t.Errorf("hospital %d with %.1f %%: far outside %v", i, 100*share, far)
		}
	}
}

func TestFewAnswersAreNeverFarOutsideByThemselves(t *testing.T) {
	f := stat.Funnel{Target: 0.7}
	// All of 4 are satisfied with probability 0.24, none of 4 with 0.008: neither is rarer than 1 in 1,000.
	if l := f.Limits(4, 0.998); l.Low > 0 || l.High < 1 {
		t.Errorf("limits of 4 answers: %v", l)
	}
	// 0.7²⁰ = 0.0008 is.
	if l := f.Limits(20, 0.998); l.High >= 1 {
		t.Errorf("limits of 20 answers: %v", l)
	}
}

// Where areas differ by chance alone, at most the nominal share falls outside; where
// they differ by more, the wider limits hold about as many.
func TestLimitsHoldWhatTheyPromise(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, between := range []float64{0, 0.1} {
		const areas = 4000
		x, n := make([]float64, areas), make([]float64, areas)
		for i := range x {
			n[i] = float64(10 + random.IntN(190))
			p := math.Min(math.Max(0.7+between*random.NormFloat64(), 0.01), 0.99)
			for range int(n[i]) {
				if random.Float64() < p {
					x[i]++
				}
			}
		}
		f := stat.NewFunnel(x, n)
		if f.Overdispersed != (between > 0) {
			t.Errorf("between areas %v: %+v", between, f)
		}
		var outside float64
		for i := range x {
			if !f.Limits(n[i], 0.95).Has(x[i] / n[i]) {
				outside++
			}
		}
		// Winsorising makes the spread between areas look somewhat smaller than it is.
		if share := outside / areas; share > 0.05+2*between || share < 0.02 {
			t.Errorf("between areas %v: %.3f outside the 95 %% limits, %+v", between, share, f)
		}
	}
}

// Limits at two levels are those at each of them.
func TestLimitsAtTwoLevelsAreThoseAtEach(t *testing.T) {
	for _, f := range []stat.Funnel{{Target: 0.7, Areas: 20}, {Target: 0.02, Areas: 20}, {Target: 0.7, Areas: 20, Tau2: 0.01, Overdispersed: true}, {Target: 1, Areas: 20}} {
		for _, n := range []float64{0, 1, 2, 7, 80, 1000, 1001} {
			narrow, wide := f.LimitsAt(n, 0.95, 0.998)
			for _, c := range []struct {
				conf float64
				got  stat.Interval
			}{{0.95, narrow}, {0.998, wide}} {
				if want := f.Limits(n, c.conf); fmt.Sprint(c.got) != fmt.Sprint(want) { // NaN is not equal to itself
					t.Errorf("%+v of %v at %v: %v, want %v", f, n, c.conf, c.got, want)
				}
			}
			if n >= 1 && (wide.Low > narrow.Low || wide.High < narrow.High) {
				t.Errorf("%+v of %v: %v is not within %v", f, n, narrow, wide)
			}
		}
	}
}

func TestAFunnelWithoutAreasHasNoLimits(t *testing.T) {
	f := stat.NewFunnel([]float64{0}, []float64{0})
	if l := f.Limits(10, 0.95); !math.IsNaN(l.Low) || !math.IsNaN(l.High) || !math.IsNaN(f.Target) {
		t.Errorf("%+v, %v", f, l)
	}
	if l := stat.NewFunnel([]float64{3, 4}, []float64{3, 4}).Limits(5, 0.95); l.Low != 1 || l.High != 1 {
		t.Errorf("all satisfied: %v", l)
	}
}
