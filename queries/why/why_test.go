package why

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// Households per 100 persons by age, United States 1970 and 1985: P. Das Gupta,
// "Standardization and Decomposition of Rates: A User's Manual", U.S. Bureau of the
// Census P23-186, 1993, example 5.1. Published: age effect 1.227 (41.4 %), rate
// effect 1.740 (58.6 %).
func TestDasGuptasHeadshipRates(t *testing.T) {
	ages := []string{"15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65-69", "70-74", "75+"}
	size := [2][]float64{
		{12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9},
		{10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5}}
	rate := [2][]float64{
		{1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8},
		{2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2}}
	var rows []Row
	for i, age := range ages {
		rows = append(rows, Row{Group: age,
			Before: Sums{size[0][i] * rate[0][i], size[0][i]},
			After:  Sums{size[1][i] * rate[1][i], size[1][i]}})
	}
	r, err := Split(Rate, rows, Own)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "age (mix) effect", r.Mix, 1.2269, 5e-5)
	near(t, "rate effect", r.Rate, 1.7403, 5e-4)
	near(t, "age effect, share of change", 100*r.Mix/r.Change, 41.35, 5e-3)
	near(t, "parts", r.Mix+r.Rate, r.Change, 1e-12)
}

// Two groups by hand: 100 cases at 90 % and 100 at 50 % become 50 at 90 % and 150 at
// 50 %: nobody got worse, yet the share fell from 70 % to 60 %.
func TestAPureShiftIsAllMix(t *testing.T) {
	r, err := Split(Share, []Row{
		{Group: "easy", Before: Sums{90, 100}, After: Sums{45, 50}},
		{Group: "hard", Before: Sums{50, 100}, After: Sums{75, 150}},
	}, Own)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "change", r.Change, -0.1, 1e-12)
	near(t, "rate", r.Rate, 0, 1e-12)
	near(t, "easy", r.Groups[0].Mix, -0.25*(0.9-0.65), 1e-12)
	near(t, "hard", r.Groups[1].Mix, 0.25*(0.5-0.65), 1e-12)
	near(t, "low", r.Interval.Low, -0.19, 0.01)
	if !r.BeyondChance() {
		t.Errorf("a fall of ten points on 200 cases: interval %v", r.Interval)
	}
}

func randomRows(rng *rand.Rand, kind Kind) []Row {
	var rows []Row
	draw := func() Sums {
		if rng.IntN(5) == 0 {
			return Sums{}
		}
		den := float64(1 + rng.IntN(1000))
		switch kind {
		case Share:
			return Sums{float64(rng.IntN(int(den) + 1)), den}
		case Mean:
			return Sums{1000 * rng.NormFloat64(), den}
		}
		return Sums{float64(rng.IntN(500)), den}
	}
	for g := range 1 + rng.IntN(8) {
		for s := range 1 + rng.IntN(6) {
			rows = append(rows, Row{fmt.Sprint("g", g), fmt.Sprint("s", s), draw(), draw()})
		}
	}
	return rows
}

func TestPartsAddUpToTheChange(t *testing.T) {
	const tol = 1e-9
	rng := rand.New(rand.NewPCG(1955, 6))
	explained := 0
	for range 3000 {
		kind := []Kind{Share, Mean, Rate}[rng.IntN(3)]
		r, err := Split(kind, randomRows(rng, kind), Own)
		if errors.Is(err, ErrNoData) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		explained++
		sum := 0.0
		for _, g := range r.Groups {
			sum += g.Total()
			if g.Presence != Both {
				near(t, "rate effect of a group seen once", g.Rate, 0, 0)
				continue
			}
			subs := 0.0
			for _, s := range g.Subs {
				subs += s.Total()
			}
			near(t, "subs of "+g.Key, subs, g.Rate, tol)
		}
		near(t, "change", r.Change, r.After-r.Before, 0)
		near(t, "mix + rate", r.Mix+r.Rate, r.Change, tol)
		near(t, "groups", sum, r.Change, tol)
		bars := r.Waterfall(rng.IntN(4))
		near(t, "waterfall", bars[len(bars)-2].To, r.After, tol)
		for i := 1; i < len(bars)-1; i++ {
			near(t, "step", bars[i].From, bars[i-1].To, 0)
		}
	}
	if explained < 2000 {
		t.Errorf("only %d random tables had data", explained)
	}
}

func TestSwappingThePeriodsTurnsEverySignAround(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 200 {
		rows := randomRows(rng, Rate)
		there, err := Split(Rate, rows, Own)
		if err != nil {
			continue
		}
		for i := range rows {
			rows[i].Before, rows[i].After = rows[i].After, rows[i].Before
		}
		back, err := Split(Rate, rows, Own)
		if err != nil {
			t.Fatal(err)
		}
		for i := range there.Groups {
			near(t, "mix", back.Groups[i].Mix, -there.Groups[i].Mix, 1e-12)
			near(t, "rate", back.Groups[i].Rate, -there.Groups[i].Rate, 1e-12)
		}
	}
}

func TestNewAndGoneGroupsAreMix(t *testing.T) {
	r, err := Split(Share, []Row{
		{Group: "stays", Before: Sums{50, 100}, After: Sums{50, 100}},
		{Group: "new", After: Sums{100, 100}},
		{Group: "gone", Sub: "x", Before: Sums{0, 100}},
		{Group: "empty"},
	}, Own)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		presence Presence
		mix      float64
	}{{Both, 0}, {New, 0.25}, {Gone, 0.25}, {Gone, 0}} {
		g := r.Groups[i]
		if g.Presence != want.presence || g.Subs != nil {
			t.Errorf("%s: %s with %d subs", g.Key, g.Presence, len(g.Subs))
		}
		near(t, g.Key, g.Mix, want.mix, 1e-12)
		near(t, g.Key, g.Rate, 0, 0)
	}
	near(t, "value of a new group before", r.Groups[1].ValueBefore, math.NaN(), 0)
	near(t, "change", r.Change, 0.5, 1e-12)
}

// Cases per thousand residents: noise rises by 20 in an area of 2,000 that stays the
// same, traffic falls by 10; the other area does nothing.
func TestCategoriesOfARateShareTheResidents(t *testing.T) {
	r, err := Split(Rate, []Row{
		{"north", "noise", Sums{40, 2}, Sums{60, 2}},
		{"north", "traffic", Sums{30, 2}, Sums{20, 2}},
		{"north", "new kind", Sums{}, Sums{2, 2}},
		{"south", "noise", Sums{30, 2}, Sums{30, 2}},
	}, SharedWithinGroup)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "before", r.Before, 25, 1e-12)
	near(t, "change", r.Change, 3, 1e-12)
	near(t, "mix", r.Mix, 0, 1e-12)
	for i, want := range []float64{5, -2.5, 0.5} {
		near(t, r.Groups[0].Subs[i].Key, r.Groups[0].Subs[i].Total(), want, 1e-12)
	}
	_, err = Split(Rate, []Row{{"north", "noise", Sums{1, 2}, Sums{1, 2}}, {"north", "traffic", Sums{1, 3}, Sums{1, 2}}}, SharedWithinGroup)
	if err == nil {
		t.Error("want an error where the shared denominators differ")
	}
}

func TestMoversComeLargestFirst(t *testing.T) {
	r, err := Split(Mean, []Row{
		{Group: "a", Before: Sums{100, 10}, After: Sums{110, 10}},
		{Group: "b", Before: Sums{100, 10}, After: Sums{50, 10}},
		{Group: "c", Before: Sums{100, 10}, After: Sums{100, 10}},
	}, Own)
	if err != nil {
		t.Fatal(err)
	}
	m := r.Movers(5)
	if len(m) != 2 || m[0].Group != "b" || m[0].Part != PartRate || m[1].Group != "a" {
		t.Fatalf("movers %+v", m)
	}
	near(t, "b", m[0].Effect, -5.0/3, 1e-12)
	near(t, "b of the change", m[0].OfChange, 1.25, 1e-12)
	near(t, "no interval for a mean", r.Interval.Low, math.NaN(), 0)
	if r.BeyondChance() {
		t.Error("without an interval nothing is beyond chance")
	}
}

func TestMedianIsRefused(t *testing.T) {
	_, err := Split(Median, nil, Own)
	var refused *NotSeparableError
	if !errors.As(err, &refused) || refused.Kind != Median {
		t.Errorf("err = %v", err)
	}
}

func TestImpossibleRowsAreRefused(t *testing.T) {
	for what, c := range map[string]struct {
		kind Kind
		sums Sums
	}{
		"share above 1":      {Share, Sums{2, 1}},
		"count of nobody":    {Rate, Sums{1, 0}},
		"negative rate":      {Rate, Sums{-1, 5}},
		"missing numerator":  {Mean, Sums{math.NaN(), 5}},
		"infinite exposure":  {Rate, Sums{1, math.Inf(1)}},
		"negative residents": {Rate, Sums{0, -1}},
	} {
		if _, err := Split(c.kind, []Row{{Group: "x", Before: c.sums, After: Sums{0, 1}}}, Own); err == nil {
			t.Errorf("%s: want an error", what)
		}
	}
	if _, err := Split(Share, []Row{{Group: "x", Before: Sums{1, 2}}}, Own); !errors.Is(err, ErrNoData) {
		t.Errorf("err = %v, want ErrNoData", err)
	}
}
