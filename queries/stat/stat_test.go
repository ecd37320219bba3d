package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

const conf = 0.95

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func bounds(t *testing.T, what string, got Interval, low, high, tol float64) {
	t.Helper()
	near(t, what+" low", got.Low, low, tol)
	if math.IsInf(high, 1) {
		if !math.IsInf(got.High, 1) {
			t.Errorf("%s high = %v, want no bound", what, got.High)
		}
		return
	}
	near(t, what+" high", got.High, high, tol)
}

// 81/263 is R. G. Newcombe's example ("Two-sided confidence intervals for the single
// proportion", Statistics in Medicine 17, 1998, table I, method 3), as is 0/20; 8/10
// is the textbook example.
func TestWilsonAgreesWithPublishedIntervals(t *testing.T) {
	for _, c := range []struct{ x, n, low, high, tol float64 }{
		{8, 10, 0.490, 0.943, 5e-4},
		{81, 263, 0.2553, 0.3662, 5e-5},
		{0, 20, 0, 0.1611, 5e-5},
		{20, 20, 0.8389, 1, 5e-5},
	} {
		e := Wilson(c.x, c.n, conf)
		near(t, "share", e.Value, c.x/c.n, 0)
		bounds(t, fmt.Sprintf("wilson %v/%v", c.x, c.n), e.Interval, c.low, c.high, c.tol)
	}
}

// The exact limits of a Poisson count, from E. S. Pearson and H. O. Hartley,
// "Biometrika Tables for Statisticians", vol. I, table 40 (95 %).
func TestPoissonRateAgreesWithPublishedTable(t *testing.T) {
	for _, c := range []struct{ count, low, high, tol float64 }{
		{0, 0, 3.689, 6e-4}, {1, 0.0253, 5.572, 6e-4}, {2, 0.242, 7.225, 6e-4},
		{5, 1.62, 11.67, 6e-3}, {10, 4.80, 18.39, 6e-3}, {50, 37.11, 65.92, 6e-3},
	} {
		e := PoissonRate(c.count, 1, conf)
		bounds(t, fmt.Sprintf("count %v", c.count), e.Interval, c.low, c.high, c.tol)
	}
	// A large count, by mpmath at 30 digits.
	bounds(t, "a million", PoissonRate(1e6, 1000, conf).Interval, 998.0409833, 1001.9619119, 1e-6)
}

// Ranks of Conover's and Geigy's tables for the median at 95 %: n = 10: 2 and 9
// (97.9 %), 20: 6 and 15, 30: 10 and 21, 50: 18 and 33, 100: 40 and 61.
func TestQuantileRanksAgreeWithPublishedTable(t *testing.T) {
	for n, want := range map[int][2]int{6: {1, 6}, 10: {2, 9}, 20: {6, 15}, 30: {10, 21}, 50: {18, 33}, 100: {40, 61}} {
		low, high, ok := QuantileRanks(n, 0.5, conf)
		if !ok || low != want[0] || high != want[1] {
			t.Errorf("median of %d: ranks %d, %d (%v), want %v", n, low, high, ok, want)
		}
	}
	if _, _, ok := QuantileRanks(5, 0.5, conf); ok {
		t.Error("five observations cannot give a 95 % interval of a median")
	}
}

func TestQuantileRanksAreTheTightestThatKeepTheirTails(t *testing.T) {
	for n := 6; n <= 400; n += 7 {
		for _, q := range []float64{0.1, 0.5, 0.9} {
			low, high, ok := QuantileRanks(n, q, conf)
			if !ok {
				continue
			}
			below, above := BinomialCDF(low-1, n, q), 1-BinomialCDF(high-1, n, q)
			if below > 0.025 || above > 0.025 {
				t.Fatalf("n %d q %v: tails %v and %v beyond ranks %d and %d", n, q, below, above, low, high)
			}
			if BinomialCDF(low, n, q) <= 0.025 || 1-BinomialCDF(high-2, n, q) <= 0.025 {
				t.Fatalf("n %d q %v: ranks %d and %d could be tighter", n, q, low, high)
			}
		}
	}
}

func TestMedianLeavesMissingOut(t *testing.T) {
	e := Median([]float64{7, math.NaN(), 1, 2, 3, 4, 5, 6, 8, 9, 10}, conf)
	near(t, "median", e.Value, 5.5, 0)
	bounds(t, "median", e.Interval, 2, 9, 0)
	few := Median([]float64{3, 1}, conf)
	near(t, "median of two", few.Value, 2, 0)
	near(t, "low of two", few.Low, math.NaN(), 0)
}

func TestMissingIsNeverZero(t *testing.T) {
	for what, e := range map[string]Estimate{
		"share of none":      Wilson(0, 0, conf),
		"more than all":      Wilson(3, 2, conf),
		"rate of nobody":     PoissonRate(3, 0, conf),
		"level out of range": Wilson(1, 2, 1),
		"median of nothing":  Median(nil, conf),
	} {
		if !math.IsNaN(e.Value) || !math.IsNaN(e.Low) || !math.IsNaN(e.High) {
			t.Errorf("%s: %+v, want NaN", what, e)
		}
	}
}

// 42 children with leukaemia, weeks in remission: E. J. Freireich et al., Blood 21,
// 1963, as printed in J. P. Klein and M. L. Moeschberger, "Survival Analysis", table
// 1.1. Negative marks a child still in remission.
var (
	sixMP   = []float64{10, 7, -32, 23, 22, 6, 16, -34, -32, -25, -11, -20, -19, 6, -17, -35, 6, 13, -9, -6, -10}
	placebo = []float64{1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8}
)

func remission(t *testing.T, weeks []float64) Curve {
	t.Helper()
	times, ended := make([]float64, len(weeks)), make([]bool, len(weeks))
	for i, w := range weeks {
		times[i], ended[i] = math.Abs(w), w > 0
	}
	c, err := KaplanMeier(times, ended, conf)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Survival and standard errors as in Klein and Moeschberger, table 4.1; intervals by
// log(-log) as the Python library lifelines 0.30 gives them.
func TestKaplanMeierAgreesWithPublishedTable(t *testing.T) {
	c := remission(t, sixMP)
	for _, w := range []struct{ time, atRisk, survival, se, low, high float64 }{
		{6, 21, 0.8571, 0.0764, 0.619718, 0.951552},
		{7, 17, 0.8067, 0.0869, 0.563147, 0.922809},
		{10, 15, 0.7529, 0.0963, 0.503200, 0.889362},
		{13, 12, 0.6902, 0.1068, 0.431610, 0.849066},
		{16, 11, 0.6275, 0.1141, 0.367511, 0.804912},
		{22, 7, 0.5378, 0.1282, 0.267779, 0.746791},
		{23, 6, 0.4482, 0.1346, 0.188052, 0.680143},
	} {
		s, ok := c.At(w.time + 0.5)
		if !ok || s.Time != w.time || s.AtRisk != w.atRisk {
			t.Fatalf("step at %v: %+v", w.time, s)
		}
		near(t, "survival", s.Survival, w.survival, 5e-5)
		near(t, "standard error", s.StdErr, w.se, 5e-5)
		bounds(t, fmt.Sprintf("week %v", w.time), s.Interval, w.low, w.high, 1e-6)
	}
	if _, ok := c.At(5); ok {
		t.Error("nobody was seen before week 6")
	}
}

// Medians: 23 weeks treated, 8 on placebo (the paper and Klein and Moeschberger,
// example 4.2); Brookmeyer–Crowley intervals by log(-log) as R's survfit with
// conf.type = "log-log" and lifelines print them: 13 to unbounded, 4 to 11.
func TestMedianSurvivalAgreesWithPublished(t *testing.T) {
	treated := remission(t, sixMP).Median()
	near(t, "treated median", treated.Value, 23, 0)
	bounds(t, "treated median", treated.Interval, 13, math.Inf(1), 0)
	control := remission(t, placebo).Median()
	near(t, "placebo median", control.Value, 8, 0)
	bounds(t, "placebo median", control.Interval, 4, 11, 0)
	if p90 := remission(t, sixMP).Quantile(0.9); !math.IsInf(p90.Value, 1) {
		t.Errorf("90 %% of the treated never relapsed in sight, but P90 = %v", p90.Value)
	}
	last := remission(t, placebo).Steps
	near(t, "survival at the end", last[len(last)-1].Survival, 0, 0)
	near(t, "its interval", last[len(last)-1].High, math.NaN(), 0)
}

func TestTalliesGiveTheSameCurveInAnyOrder(t *testing.T) {
	want := remission(t, sixMP)
	tallies := []Tally{{23, 1, 0}, {6, 2, 0}, {35, 0, 1}, {9, 0, 1}, {10, 1, 1}, {11, 0, 1}, {13, 1, 0},
		{6, 1, 1}, {16, 1, 0}, {17, 0, 1}, {19, 0, 1}, {20, 0, 1}, {22, 1, 0}, {7, 1, 0}, {25, 0, 1}, {32, 0, 2}, {34, 0, 1}}
	got, err := KaplanMeierTally(tallies, conf)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("by tally %v\nby record %v", got, want)
	}
}

func TestWithoutCensoringTheCurveIsTheShareStillRunning(t *testing.T) {
	c := remission(t, placebo)
	for _, s := range c.Steps {
		left := 0.0
		for _, w := range placebo {
			if w > s.Time {
				left++
			}
		}
		near(t, "survival", s.Survival, left/21, 1e-12)
	}
}

func TestKaplanMeierRefusesBadInput(t *testing.T) {
	if _, err := KaplanMeier([]float64{1}, nil, conf); err == nil {
		t.Error("want an error for unequal lengths")
	}
	if _, err := KaplanMeier([]float64{-1}, []bool{true}, conf); err == nil {
		t.Error("want an error for a negative time")
	}
	if _, err := KaplanMeier([]float64{math.NaN()}, []bool{true}, conf); err == nil {
		t.Error("want an error for a missing time")
	}
	if e := (Curve{}).Median(); !math.IsNaN(e.Value) {
		t.Errorf("median of no records = %v", e.Value)
	}
}

// Three areas by hand: m = 12/40 = 0.3; S = 10*.04 + 10*.01 + 20*.0025 = 0.55;
// N - sum n^2/N = 40 - 600/40 = 25; rho = (0.55/0.21 - 2) / (25 - 2).
func TestShrinkSharesByHand(t *testing.T) {
	prior, areas, err := ShrinkShares([]float64{1, 4, 7, 0}, []float64{10, 10, 20, 0}, conf)
	if err != nil {
		t.Fatal(err)
	}
	rho := (0.55/0.21 - 2) / 23
	near(t, "mean", prior.Mean, 0.3, 1e-12)
	near(t, "variance", prior.Variance, rho*0.21, 1e-12)
	m := 1/rho - 1
	near(t, "posterior mean", areas[0].Value, (1+0.3*m)/(10+m), 1e-12)
	near(t, "weight", areas[2].Weight, 20/(20+m), 1e-12)
	near(t, "area without cases", areas[3].Value, 0.3, 1e-12)
	near(t, "its own share", areas[3].Raw, math.NaN(), 0)
	if prior.Areas != 3 {
		t.Errorf("areas = %d", prior.Areas)
	}
}

// m = 30/30 = 1; S = 10*.16 + 20*.04 = 2.4; E - sum e^2/E = 30 - 500/30 = 40/3;
// A = (2.4 - 1) * 3/40 = 0.105; shape = rate = 1/0.105.
func TestShrinkRatesByHand(t *testing.T) {
	prior, areas, err := ShrinkRates([]float64{6, 24}, []float64{10, 20}, conf)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "variance", prior.Variance, 0.105, 1e-12)
	near(t, "posterior mean", areas[0].Value, (6+1/0.105)/(10+1/0.105), 1e-12)
	if a := areas[0]; !(a.Low < a.Value && a.Value < a.High) || !a.Has(a.Value) {
		t.Errorf("interval %v does not hold %v", a.Interval, a.Value)
	}
}

func TestAreasAlikeArePooled(t *testing.T) {
	_, areas, err := ShrinkShares([]float64{5, 5}, []float64{10, 10}, conf)
	if err != nil {
		t.Fatal(err)
	}
	if areas[0].Weight != 0 || areas[0].Estimate != Wilson(10, 20, conf) {
		t.Errorf("alike areas got %+v", areas[0])
	}
	_, areas, err = ShrinkRates([]float64{5, 5}, []float64{10, 10}, conf)
	if err != nil {
		t.Fatal(err)
	}
	if areas[0].Weight != 0 || areas[0].Estimate != PoissonRate(10, 20, conf) {
		t.Errorf("alike areas got %+v", areas[0])
	}
}

// Draws from a known prior: the fitted variance must be right on average, and the
// shrunk values nearer to the truth than the raw ones.
func TestShrinkageFindsTheSpreadItWasDrawnFrom(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1955))
	const rounds, areas = 400, 40
	var variance, rawLoss, shrunkLoss, held float64
	for range rounds {
		x, n, truth := make([]float64, areas), make([]float64, areas), make([]float64, areas)
		for i := range x {
			n[i] = float64(5 + rng.IntN(60))
			truth[i] = betaMedianOfThree(rng)
			for range int(n[i]) {
				if rng.Float64() < truth[i] {
					x[i]++
				}
			}
		}
		prior, got, err := ShrinkShares(x, n, conf)
		if err != nil {
			t.Fatal(err)
		}
		variance += prior.Variance / rounds
		for i := range got {
			rawLoss += math.Pow(got[i].Raw-truth[i], 2)
			shrunkLoss += math.Pow(got[i].Value-truth[i], 2)
			if got[i].Has(truth[i]) {
				held += 1.0 / (rounds * areas)
			}
		}
	}
	near(t, "mean fitted variance", variance, 0.05, 0.003) // Beta(2, 2) has variance 1/20
	if shrunkLoss > 0.9*rawLoss {
		t.Errorf("shrunk loss %v is not well below raw loss %v", shrunkLoss, rawLoss)
	}
	near(t, "coverage", held, 0.945, 0.02)
}

// The median of three uniforms is Beta(2, 2).
func betaMedianOfThree(rng *rand.Rand) float64 {
	a, b, c := rng.Float64(), rng.Float64(), rng.Float64()
	return math.Max(math.Min(a, b), math.Min(math.Max(a, b), c))
}

func TestShrinkRefusesBadInput(t *testing.T) {
	for what, c := range map[string]struct{ x, n []float64 }{
		"lengths":   {[]float64{1}, nil},
		"over":      {[]float64{2}, []float64{1}},
		"negative":  {[]float64{-1}, []float64{1}},
		"no data":   {[]float64{0}, []float64{0}},
		"no people": {[]float64{1}, []float64{0}},
	} {
		if _, _, err := ShrinkShares(c.x, c.n, conf); err == nil {
			t.Errorf("%s: want an error", what)
		}
	}
}

// Values of scipy 1.x: t.ppf, f.sf, chi2.sf; the t quantiles stand in every table.
func TestDistributions(t *testing.T) {
	near(t, "z", NormalQuantile(0.975), 1.959964, 1e-6)
	near(t, "t10", TQuantile(0.975, 10), 2.228139, 1e-6)
	near(t, "t inf", TQuantile(0.975, math.Inf(1)), 1.959964, 1e-6)
	near(t, "two-sided t", TwoSidedT(-2.228139, 10), 0.05, 1e-6)
	near(t, "two-sided z", TwoSidedT(1.959964, math.Inf(1)), 0.05, 1e-6)
	near(t, "chi2", ChiSquaredTail(11.0705, 5), 0.05, 1e-6)
	near(t, "F", FTail(2.5, 2, 7.5), 0.1472540, 1e-6)
	near(t, "F inf", FTail(11.0705/5, 5, math.Inf(1)), 0.05, 1e-6)
	near(t, "F at 0", FTail(0, 2, 7), 1, 0)
	near(t, "bad df", TQuantile(0.9, 0), math.NaN(), 0)
}
