package spc

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/jiceng/jiceng/queries/stat"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func flags(c Chart) map[int][]Rule {
	out := map[int][]Rule{}
	for _, p := range c.Flagged() {
		out[p.Index] = p.Rules
	}
	return out
}

func must(t *testing.T) func(Chart, error) Chart {
	return func(c Chart, err error) Chart {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

// Flow rates of ten batches: NIST/SEMATECH e-Handbook of Statistical Methods, section
// 6.3.2.2. Published: mean 50.81, mean moving range 1.8778, limits 55.8041 and 45.8159
// (there by 3/1.128 = 2.6596 instead of the rounded 2.66), no point outside.
func TestNISTIndividualsChart(t *testing.T) {
	c := must(t)(Values([]float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}, Options{Rules: []Rule{WE1, MR}}))
	near(t, "centre", c.Centre, 50.81, 1e-9)
	near(t, "mean moving range", c.MeanRange, 1.8778, 5e-5)
	near(t, "upper limit", c.Points[0].High, 55.8041, 1e-3)
	near(t, "lower limit", c.Points[0].Low, 45.8159, 1e-3)
	near(t, "range limit", c.RangeLimit, 3.268*1.8778, 1e-3)
	near(t, "range of the first", c.Points[0].Range, math.NaN(), 0)
	if len(c.Flagged()) != 0 || !c.Short {
		t.Errorf("flagged %v, short %v", flags(c), c.Short)
	}
}

// Frozen orange juice cans, nonconforming of 50: D. C. Montgomery, Introduction to
// Statistical Quality Control, example of the p chart (table 7.1 of the 6th edition).
// Published: mean 0.2313, limits 0.4102 and 0.0524, samples 15 and 23 above; without
// these two the mean is 0.2150, the limits 0.3893 and 0.0407, and sample 21 is above.
func TestMontgomerysOrangeJuice(t *testing.T) {
	cans := []float64{12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6}
	n := make([]float64, len(cans))
	for i := range n {
		n[i] = 50
	}
	opt := Options{Baseline: 30, Rules: []Rule{WE1}}
	c := must(t)(Shares(cans, n, false, opt))
	near(t, "centre", c.Centre, 0.2313, 5e-5)
	near(t, "upper limit", c.Points[0].High, 0.4102, 5e-5)
	near(t, "lower limit", c.Points[0].Low, 0.0524, 5e-5)
	if got := flags(c); !reflect.DeepEqual(got, map[int][]Rule{14: {WE1}, 22: {WE1}}) {
		t.Errorf("flagged %v", got)
	}
	opt.TrimRounds = 1
	trimmed := must(t)(Shares(cans, n, false, opt))
	opt.TrimRounds, opt.Exclude = 0, []int{14, 22}
	excluded := must(t)(Shares(cans, n, false, opt))
	for _, c := range []Chart{trimmed, excluded} {
		near(t, "revised centre", c.Centre, 0.2150, 5e-5)
		near(t, "revised upper limit", c.Points[0].High, 0.3893, 5e-5)
		near(t, "revised lower limit", c.Points[0].Low, 0.0407, 5e-5)
		if got := flags(c); !reflect.DeepEqual(got, map[int][]Rule{14: {WE1}, 20: {WE1}, 22: {WE1}}) || c.BaselineN != 28 {
			t.Errorf("flagged %v from %d", got, c.BaselineN)
		}
	}
}

// Dyed cloth, defects per 50 square metres of unequal rolls: Montgomery, example of
// the u chart with variable sample size (table 7.11 of the 6th edition). Published:
// mean 1.42, upper limits by roll, none outside.
func TestMontgomerysDyedCloth(t *testing.T) {
	defects := []float64{14, 12, 20, 11, 7, 10, 21, 16, 19, 23}
	rolls := []float64{10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5}
	c := must(t)(Rates(defects, rolls, false, Options{}))
	near(t, "centre", c.Centre, 1.42, 5e-3)
	for i, high := range []float64{2.55, 2.68, 2.41, 2.55, 2.58, 2.55, 2.45, 2.52, 2.45, 2.43} {
		near(t, fmt.Sprint("upper limit of roll ", i+1), c.Points[i].High, high, 1e-2)
	}
	if len(c.Flagged()) != 0 {
		t.Errorf("flagged %v", flags(c))
	}
}

// Laney's sigma z by hand: shares .4 .6 .4 .6 .5 of 100; mean .5, binomial sigma .05;
// z = -2 2 -2 2 0, mean step (4+4+4+2)/4 = 3.5, sigma z = 3.5/1.128.
func TestLaneyWidensTheLimitsBySigmaZ(t *testing.T) {
	n := []float64{100, 100, 100, 100, 100}
	c := must(t)(Shares([]float64{40, 60, 40, 60, 50}, n, true, Options{}))
	near(t, "sigma z", c.SigmaZ, 3.5/1.128, 1e-12)
	near(t, "upper limit", c.Points[0].High, 0.5+3*0.05*3.5/1.128, 1e-12)
	near(t, "z", c.Points[1].Z, 2/(3.5/1.128), 1e-12)
	u := must(t)(Rates([]float64{2, 6, 2, 6, 4}, []float64{1, 1, 1, 1, 1}, true, Options{}))
	near(t, "sigma z of u", u.SigmaZ, (2+2+2+1)/4.0/1.128, 1e-12)
	near(t, "lower limit is cut at 0", u.Points[0].Low, 0, 0)
}

// With equal denominators p′ is the XmR chart of the shares, whatever their spread
// (Laney 2002): sigma z times the binomial sigma is the mean moving range over d2.
func TestWithEqualDenominatorsLaneyIsXmR(t *testing.T) {
	rng := rand.New(rand.NewPCG(2002, 1))
	count, n, share := make([]float64, 24), make([]float64, 24), make([]float64, 24)
	for i := range n {
		n[i] = 5000
		count[i] = float64(2000 + rng.IntN(800))
		share[i] = count[i] / n[i]
	}
	p, x := must(t)(Shares(count, n, true, Options{})), must(t)(Values(share, Options{}))
	near(t, "centre", p.Centre, x.Centre, 1e-12)
	near(t, "upper limit", p.Points[3].High, x.Points[3].High, 1e-3*x.MeanRange)
	if p.SigmaZ < 3 {
		t.Errorf("sigma z = %v for shares much wider than binomial", p.SigmaZ)
	}
}

// Each rule on the shortest pattern that completes it, in sigmas, after ten quiet
// points; the frozen baseline has mean 0 and mean range 1.128.
func TestEachRuleFiresWhereItsPatternIsComplete(t *testing.T) {
	for _, c := range []struct {
		name  string
		tail  []float64
		rules []Rule // at the last point
	}{
		{"one beyond three", []float64{3.1}, []Rule{WE1}},
		{"one at three is inside", []float64{2.99}, nil},
		{"two of three", []float64{2.1, 0.5, 2.1}, []Rule{WE2}},
		{"two of three on two sides", []float64{2.1, 0.5, -2.1}, nil},
		{"four of five", []float64{1.2, 1.2, 0.1, 1.2, 1.2}, []Rule{WE3}},
		{"three of five", []float64{1.2, 1.2, 0.1, 0.1, 1.2}, nil},
		{"eight in a row", []float64{-0.5, -0.2, -0.5, -0.3, -0.6, -0.2, -0.4, -0.1}, []Rule{WE4}},
		{"seven in a row", []float64{0.5, -0.2, -0.5, -0.3, -0.6, -0.2, -0.4, -0.1}, nil},
		{"six rising", []float64{-0.9, -0.5, -0.1, 0.1, 0.3, 0.6}, []Rule{N3}},
		{"five rising", []float64{0.9, -0.5, -0.1, 0.1, 0.3, 0.6}, nil},
		{"a leap", []float64{-2, 2}, []Rule{MR}},
	} {
		base := []float64{0.564, -0.564, 0.564, -0.564, 0.564, -0.564, 0.564, -0.564, 0.564, -0.564}
		series := append(base, c.tail...)
		chart := must(t)(Values(series, Options{Baseline: 10, Rules: []Rule{WE1, WE2, WE3, WE4, N3, MR}}))
		last := chart.Points[len(series)-1]
		if !reflect.DeepEqual(last.Rules, c.rules) {
			t.Errorf("%s: %v, want %v (z %v)", c.name, last.Rules, c.rules, last.Z)
		}
	}
}

func TestAPlantedShiftIsFoundByRunAndAPlantedWeekByItsHeight(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 24))
	count, n := make([]float64, 48), make([]float64, 48)
	for i := range n {
		n[i] = 400 + float64(rng.IntN(200))
		share := 0.90
		if i >= 30 {
			share = 0.86
		}
		for range int(n[i]) {
			if rng.Float64() < share {
				count[i]++
			}
		}
	}
	count[26] = 0.7 * n[26]
	c := must(t)(Shares(count, n, true, Options{}))
	first := -1
	for _, p := range c.Flagged() {
		if p.Index >= 30 && first < 0 {
			first = p.Index
		}
	}
	if !c.Points[26].Flagged() || c.Points[26].Rules[0] != WE1 || c.Points[26].Above() {
		t.Errorf("the bad week: %+v", c.Points[26])
	}
	if first < 30 || first > 37 {
		t.Errorf("a lasting fall at 30 first signalled at %d", first)
	}
}

func TestMissingPointsAreSkipped(t *testing.T) {
	full := must(t)(Values([]float64{1, 3, 2, 4, 3, 2}, Options{}))
	gaps := must(t)(Values([]float64{1, 3, math.NaN(), 2, 4, math.NaN(), 3, 2}, Options{}))
	near(t, "centre", gaps.Centre, full.Centre, 0)
	near(t, "mean range", gaps.MeanRange, full.MeanRange, 0)
	near(t, "limit of a missing point", gaps.Points[2].High, math.NaN(), 0)
	c := must(t)(Shares([]float64{1, 0, 3, 2, 1, 2}, []float64{4, 0, 5, 5, 5, 5}, true, Options{}))
	near(t, "a month without cases", c.Points[1].Value, math.NaN(), 0)
	near(t, "its z", c.Points[1].Z, math.NaN(), 0)
}

func TestAProcessThatNeverMoved(t *testing.T) {
	c := must(t)(Values([]float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2}, Options{Baseline: 6}))
	if got := flags(c); !reflect.DeepEqual(got, map[int][]Rule{6: {WE1}}) {
		t.Errorf("flagged %v", got)
	}
	all := must(t)(Shares([]float64{5, 5, 5, 5, 5, 4}, []float64{5, 5, 5, 5, 5, 5}, true, Options{Baseline: 5}))
	if got := flags(all); len(got) != 1 || got[5] == nil {
		t.Errorf("flagged %v", got)
	}
}

func TestBadChartsAreRefused(t *testing.T) {
	if _, err := Values([]float64{1, 2, math.NaN(), 3}, Options{}); !errors.Is(err, ErrTooShort) {
		t.Errorf("err = %v", err)
	}
	ones := []float64{1, 1, 1, 1, 1, 1}
	for what, err := range map[string]error{
		"share above one": second(Shares([]float64{1, 1, 1, 1, 1, 2}, ones, false, Options{})),
		"lengths":         second(Rates(ones, ones[:3], false, Options{})),
		"count of none":   second(Rates(ones, make([]float64, 6), false, Options{})),
		"range rule":      second(Rates(ones, ones, false, Options{Rules: []Rule{MR}})),
		"unknown rule":    second(Values(ones, Options{Rules: []Rule{"WE9"}})),
	} {
		if err == nil {
			t.Errorf("%s: want an error", what)
		}
	}
}

func second(_ Chart, err error) error { return err }

// In-control average run lengths: C. W. Champ and W. H. Woodall, Technometrics 29,
// 1987, table 1, shift 0: C1 370.40, C12 225.44, C13 166.05, C14 152.73, C1234 91.75.
func TestRunLengthsAgreeWithChampAndWoodall(t *testing.T) {
	for _, c := range []struct {
		rules []Rule
		want  float64
	}{
		{[]Rule{WE1}, 370.40}, {[]Rule{WE1, WE2}, 225.44}, {[]Rule{WE1, WE3}, 166.05},
		{[]Rule{WE1, WE4}, 152.73}, {Standard(), 91.75},
	} {
		near(t, fmt.Sprint(c.rules), AverageRunLength(c.rules), c.want, 5e-3)
	}
	if !math.IsNaN(AverageRunLength([]Rule{N3})) {
		t.Error("N3 has no zone chain")
	}
}

// Quiet series judged by exact limits (a baseline that gives centre 0 and sigma 1): the
// flagged share must be what ExpectedFalseAlarms says, rule by rule, up to the
// simulation's own error.
func TestFalseAlarmsOnNoiseAreAsExpected(t *testing.T) {
	rng := rand.New(rand.NewPCG(91, 75))
	rules := []Rule{WE1, WE2, WE3, WE4, N3, MR}
	const series, points, base, sigma = 200, 2000, 10, 2.66 / 3 * 1.128
	byRule, any := map[Rule]float64{}, map[bool]float64{}
	for range series {
		values := make([]float64, base+points)
		for i := range values {
			values[i] = sigma * rng.NormFloat64()
			if i < base {
				values[i] = 0.564 - 1.128*float64(i%2)
			}
		}
		c := must(t)(Values(values, Options{Baseline: base, Rules: rules}))
		for _, p := range c.Points[base:] {
			zone := false
			for _, r := range p.Rules {
				byRule[r]++
				zone = zone || (r != N3 && r != MR)
			}
			any[zone]++
		}
	}
	want := ExpectedFalseAlarms(rules, series, points)
	for _, r := range rules {
		rate := byRule[r] / (series * points)
		near(t, fmt.Sprint("rate of ", r), rate/want.ByRule[r], 1, 0.12)
	}
	standard := ExpectedFalseAlarms(Standard(), series, points)
	near(t, "Western Electric together", any[true]/(series*points)/standard.PerPoint, 1, 0.06)
	near(t, "expected", standard.Expected, standard.PerPoint*series*points, 1e-9)
	if standard.PerPoint < 1/91.75 || standard.PerPoint > 0.03 {
		t.Errorf("chance per point %v", standard.PerPoint)
	}
}

// Overdispersed shares: the plain p chart cries wolf, p′ does not.
func TestLaneyKeepsFalseAlarmsDownWhereSharesVaryMoreThanBinomially(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	var plain, laney, looked float64
	for range 200 {
		count, n := make([]float64, 100), make([]float64, 100)
		for i := range n {
			n[i] = 2000 + float64(rng.IntN(2000))
			mean := n[i] * (0.9 + 0.015*rng.NormFloat64())
			count[i] = math.Min(n[i], math.Round(mean+math.Sqrt(n[i]*0.09)*rng.NormFloat64()))
		}
		opt := Options{Baseline: 60, Rules: []Rule{WE1}}
		plain += float64(len(must(t)(Shares(count, n, false, opt)).Flagged()))
		laney += float64(len(must(t)(Shares(count, n, true, opt)).Flagged()))
		looked += 100
	}
	if plain/looked < 0.1 {
		t.Errorf("plain p flagged only %v", plain/looked)
	}
	near(t, "p′ false alarms", laney/looked, 0.0045, 0.0025)
}

// A chart that moves judges a point by what was known before it: the level of the last
// points, without those beyond their own limits.
func TestMovingLimitsKnowOnlyThePast(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	values := make([]float64, 60)
	for i := range values {
		values[i] = 50 + rng.NormFloat64()
	}
	values[40] = 70
	opt := Options{Moving: 24}
	whole := must(t)(Values(values, opt))
	for i := range whole.Points[:12] {
		if p := whole.Points[i]; !math.IsNaN(p.Low) || p.Flagged() {
			t.Errorf("point %d is judged before there are 12 others: %+v", i, p)
		}
	}
	for _, until := range []int{20, 41, 55} {
		part := must(t)(Values(values[:until], opt))
		a, b := part.Points[until-1], whole.Points[until-1]
		if a.Z != b.Z || a.Low != b.Low || a.High != b.High || len(a.Rules) != len(b.Rules) {
			t.Errorf("point %d looks different once later ones are known", until-1)
		}
	}
	near(t, "centre at 30", whole.Points[30].Centre, mean(values[6:30]), 1e-12)
	without := append(append([]float64{}, values[19:40]...), values[41:43]...)
	near(t, "centre at 43 leaves out the point beyond the limits", whole.Points[43].Centre, mean(without), 1e-12)
	if !whole.Points[40].Flagged() {
		t.Errorf("the leap: %+v", whole.Points[40])
	}
}

func mean(xs []float64) (m float64) {
	for _, x := range xs {
		m += x / float64(len(xs))
	}
	return m
}

func TestALevelThatHasLastedBecomesTheNewLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 4))
	values := make([]float64, 80)
	for i := range values {
		values[i] = rng.NormFloat64()
		if i >= 40 {
			values[i] += 20
		}
	}
	c := must(t)(Values(values, Options{Moving: 20}))
	if !c.Points[40].Flagged() || c.Points[79].Flagged() {
		t.Errorf("flagged at the step: %v, and 40 points after it: %v", c.Points[40].Flagged(), c.Points[79].Flagged())
	}
}

// Shares of noise, judged by moving p′ limits: although a window of 24 gives uncertain
// limits, as many points are flagged as known limits would flag.
func TestMovingLimitsAlarmAsSeldomAsKnownOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 24))
	for _, c := range []struct {
		rules []Rule
		tol   float64
	}{{Standard(), 0.1}, {[]Rule{WE1}, 0.2}} {
		flagged, looked := 0.0, 0.0
		for range 500 {
			count, n := make([]float64, 100), make([]float64, 100)
			for i := range n {
				n[i] = 300 + math.Floor(300*rng.Float64())
				count[i] = math.Round(0.7*n[i] + math.Sqrt(0.21*n[i])*rng.NormFloat64())
			}
			for _, p := range must(t)(Shares(count, n, true, Options{Moving: 24, Rules: c.rules})).Points[12:] {
				looked++
				if p.Flagged() {
					flagged++
				}
			}
		}
		want := ExpectedFalseAlarms(c.rules, 1, 1).PerPoint
		near(t, fmt.Sprint(c.rules, " flagged against expected"), flagged/looked/want, 1, c.tol)
		t.Logf("%v: expected %.4f a point, found %.4f", c.rules, want, flagged/looked)
	}
}

func TestStudentsQuantileForThreeSigma(t *testing.T) {
	for _, df := range []float64{5, 8, 14, 30, 200} {
		near(t, fmt.Sprint("df ", df), threeSigma(df)/stat.TQuantile(stat.NormalCDF(3), df), 1, 0.02)
	}
	near(t, "df of 24 points", movingDF(24), 14.1, 0.05)
}

func TestPublicHolidaysAreNoOrdinaryWeekend(t *testing.T) {
	var values []float64
	var at []Moment
	for day := range 365 {
		m := Moment{Year: 2025, Month: 1 + day*12/365, Workday: day%7 < 5}
		v := 100.0
		if day%40 == 2 {
			m.Workday, m.Holiday = false, true
			v = 50
		} else if !m.Workday {
			v = 70
		}
		values, at = append(values, v), append(at, m)
	}
	e, err := Seasonality(values, nil, at, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "holiday over workday", e.Holiday/e.Workday, 0.5, 1e-9)
	near(t, "weekend over workday", e.FreeDay/e.Workday, 0.7, 1e-9)
	few, _ := Seasonality(values[:60], nil, at[:60], 0, false)
	near(t, "two holidays are taken for weekends", few.Holiday, few.FreeDay, 0)
}

func TestSeasonsAreTakenOut(t *testing.T) {
	var values []float64
	var at []Moment
	for year := 2023; year <= 2025; year++ {
		for month := 1; month <= 12; month++ {
			for day := range 28 {
				m := Moment{Year: year, Month: month, Workday: day%7 < 5}
				v := 100 * (1 + 0.2*math.Sin(float64(month)))
				if !m.Workday {
					v *= 0.4
				}
				values, at = append(values, v), append(at, m)
			}
		}
	}
	e, err := Seasonality(values, nil, at, 0, false)
	if err != nil || !e.MonthsKnown {
		t.Fatal(e, err)
	}
	near(t, "free day over workday", e.FreeDay/e.Workday, 0.4, 1e-9)
	flat := e.Values(values, at)
	for i := range flat {
		near(t, "level", flat[i], flat[0], 1e-9)
	}
	units := make([]float64, len(values))
	for i := range units {
		units[i] = 1
	}
	exposure := e.Exposures(units, at)
	near(t, "rate over exposure", values[0]/exposure[0], values[5]/exposure[5], 1e-9)
}

func TestOneYearGivesNoMonthEffects(t *testing.T) {
	values, at := make([]float64, 24), make([]Moment, 24)
	for i := range values {
		values[i], at[i] = float64(i), Moment{Year: 2025, Month: i%12 + 1, Workday: i%2 == 0}
	}
	e, err := Seasonality(values, nil, at, 0, true)
	if err != nil || e.MonthsKnown || e.Month[6] != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	near(t, "workday shift", e.Workday-e.FreeDay, -1, 1e-9)
	counts := e.Counts([]float64{5, 0}, []float64{10, 10}, at[:2])
	near(t, "count kept inside", counts[0], 10, 0)
	if _, err := Seasonality(values, nil, at[:3], 0, true); err == nil {
		t.Error("want an error for unequal lengths")
	}
	at[0].Month = 0
	if _, err := Seasonality(values, nil, at, 0, true); err == nil {
		t.Error("want an error for a month of 0")
	}
}

func TestEveryRuleIsDescribedInBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Rules() {
		if d.ZH == "" || d.EN == "" || d.Source == "" || seen[d.Key] {
			t.Errorf("%+v", d)
		}
		seen[d.Key] = true
		if err := checkRules([]Rule{d.Rule}, XmR); err != nil {
			t.Error(err)
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d rules", len(seen))
	}
}
