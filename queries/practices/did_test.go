package practices

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > tol {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// counties reads the county minimum-wage panel; period 0 is 2003.
func counties(t *testing.T) []Unit {
	t.Helper()
	file, err := os.Open("testdata/county_minimum_wage.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	var units []Unit
	for _, r := range rows[1:] {
		year, _ := strconv.Atoi(r[1])
		first, _ := strconv.Atoi(r[2])
		value, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		i, seen := at[r[0]]
		if !seen {
			i = len(units)
			at[r[0]] = i
			start := Never
			if first > 0 {
				start = first - 2003
			}
			units = append(units, Unit{Code: r[0], Start: start, Num: make([]float64, 5), Den: make([]float64, 5)})
		}
		units[i].Num[year-2003], units[i].Den[year-2003] = value, 1
	}
	return units
}

type expected struct{ value, se float64 }

// The numbers are those of R's did on the same file (see testdata/README.md).
func TestTheCountyMinimumWagesAreAsRPublishesThem(t *testing.T) {
	for name, c := range map[string]struct {
		controls     Controls
		cells        map[[2]int]expected
		groups       map[int]expected
		events       map[int]expected
		simple       expected
		groupAverage expected
		eventAverage expected
		wald, p      float64
	}{
		"never treated": {
			NeverTreated,
			map[[2]int]expected{
				{2004, 2004}: {-0.0105032462209624, 0.0232510363681664}, {2004, 2005}: {-0.0704231581031467, 0.0309847667572767},
				{2004, 2006}: {-0.137258738889403, 0.0364356642876865}, {2004, 2007}: {-0.100811363085404, 0.0343592258346732},
				{2006, 2004}: {0.00652011242423301, 0.0233268051418047}, {2006, 2005}: {-0.00275081875051882, 0.0195585610358817},
				{2006, 2006}: {-0.00459460695286304, 0.0177551966592763}, {2006, 2007}: {-0.0412244715462175, 0.0202291807041068},
				{2007, 2004}: {0.0305066555832928, 0.01503356028013}, {2007, 2005}: {-0.00272589288611625, 0.0163958328955344},
				{2007, 2006}: {-0.0310871193896889, 0.0178775113133435}, {2007, 2007}: {-0.0260544107191966, 0.0166554353492522},
			},
			map[int]expected{2004: {-0.0797491265747291, 0.0263677994350273}, 2006: {-0.0229095392495403, 0.0167033302551619}, 2007: {-0.0260544107191966, 0.0166554353492522}},
			map[int]expected{-3: {0.0305066555832928, 0.01503356028013}, -2: {-0.000563084626385429, 0.01329164473655}, -1: {-0.0244587449711696, 0.0142364022105193},
				0: {-0.0199318167892593, 0.0118263640580582}, 1: {-0.0509573670651939, 0.016893476268678}, 2: {-0.137258738889403, 0.0364356642876865}, 3: {-0.100811363085404, 0.0343592258346733}},
			expected{-0.0399512751551763, 0.0120340127701854}, expected{-0.0310182822287484, 0.0124460593209979}, expected{-0.0772398214573151, 0.0199649890618494},
			7.79123662720035, 0.16812,
		},
		"not yet treated": {
			NotYetTreated,
			map[[2]int]expected{
				{2004, 2004}: {-0.0193723636759221, 0.0223101128836806}, {2004, 2005}: {-0.0783190990620607, 0.0303902285433973},
				{2004, 2006}: {-0.136274346328678, 0.03540338496891}, {2004, 2007}: {-0.100811363085404, 0.0343592258346732},
				{2006, 2004}: {-0.00256255094261098, 0.0225302351453388}, {2006, 2005}: {-0.00193924609578875, 0.019042158605819},
				{2006, 2006}: {0.00466087631997615, 0.0163355842468236}, {2006, 2007}: {-0.0412244715462175, 0.0202291807041068},
				{2007, 2004}: {0.0297593647610311, 0.0145335416386514}, {2007, 2005}: {-0.0024106128000969, 0.0160312963755178},
				{2007, 2006}: {-0.0310871193896889, 0.0178775113133435}, {2007, 2007}: {-0.0260544107191966, 0.0166554353492522},
			},
			map[int]expected{2004: {-0.0836942930380162, 0.0257015997680069}, 2006: {-0.0182817976131207, 0.0159222358245001}, 2007: {-0.0260544107191966, 0.0166554353492522}},
			map[int]expected{-3: {0.0297593647610311, 0.0145335416386514}, -2: {-0.00244615388606511, 0.0131203504342708}, -1: {-0.0242689034145076, 0.0144636816758019},
				0: {-0.0189221990834249, 0.0120445686892691}, 1: {-0.0535893473848319, 0.016946385539125}, 2: {-0.136274346328678, 0.03540338496891}, 3: {-0.100811363085404, 0.0343592258346733}},
			expected{-0.0397636256230437, 0.0120524247873419}, expected{-0.030462228112565, 0.0125751201316818}, expected{-0.0773993139705847, 0.0195601769463944},
			7.79092771882739, 0.16814,
		},
	} {
		t.Run(name, func(t *testing.T) {
			const tol = 1e-9
			r, err := Evaluate(counties(t), Options{Controls: c.controls, Asymptotic: true, Draws: 99})
			if err != nil {
				t.Fatal(err)
			}
			check := func(what string, got Estimate, want expected) {
				t.Helper()
				near(t, what, got.Value, want.value, tol)
				near(t, "standard error of "+what, got.StdError, want.se, tol)
			}
			if len(r.Cells) != len(c.cells) || len(r.Groups) != len(c.groups) || len(r.Events) != len(c.events) {
				t.Fatalf("%d cells, %d groups, %d events", len(r.Cells), len(r.Groups), len(r.Events))
			}
			for _, x := range r.Cells {
				check("ATT(g,t)", x.Estimate, c.cells[[2]int{x.Group + 2003, x.Time + 2003}])
			}
			for _, x := range r.Groups {
				check("group", x.Estimate, c.groups[x.Group+2003])
			}
			for _, x := range r.Events {
				check("event", x.Estimate, c.events[x.From])
			}
			check("simple", r.Overall, c.simple)
			check("group average", r.GroupAverage, c.groupAverage)
			check("event average", r.EventAverage, c.eventAverage)
			near(t, "Wald statistic of the pre-test", r.PreTrend.Statistic, c.wald, 1e-8)
			near(t, "p-value of the pre-test", r.PreTrend.P, c.p, 5e-6)
			if r.Treated != 191 || r.ControlUnits != 309 {
				t.Errorf("%d treated, %d controls", r.Treated, r.ControlUnits)
			}
		})
	}
}

// district is made of communities in strata with fixed levels, a common trend for each
// stratum, and an effect from the start on; counts are binomial.
func district(rng *rand.Rand, strata, perStratum, periods int, cases float64, treatedPerStratum int, effect float64, slip int) []Unit {
	var units []Unit
	for s := range strata {
		for k := range perStratum {
			u := Unit{Code: strconv.Itoa(len(units)), Stratum: strconv.Itoa(s), Start: Never, Num: make([]float64, periods), Den: make([]float64, periods)}
			if k < treatedPerStratum && s != slip {
				u.Start = periods/3 + 4*((s+k)%3)
			}
			level := 0.6 + 0.05*rng.NormFloat64()
			size := cases * math.Exp(0.4*rng.NormFloat64())
			for t := range periods {
				p := level + 0.001*float64(t*s%7)
				if s == slip && t > periods/2 {
					p -= 0.3
				}
				if u.Start != Never && t >= u.Start {
					p += effect
				}
				u.Den[t] = math.Floor(size * (0.5 + rng.Float64()))
				for range int(u.Den[t]) {
					if rng.Float64() < p {
						u.Num[t]++
					}
				}
			}
			units = append(units, u)
		}
	}
	return units
}

func TestIntervalsHoldWhatTheyPromise(t *testing.T) {
	rng := rand.New(rand.NewPCG(20, 21))
	const rounds = 300 // with one or two cases a month in an area, as disputes are
	covered, byPermutation, preTrendRefused, simultaneous := 0, 0, 0, 0
	for round := range rounds {
		units := district(rng, 10, 8, 36, 1.5, 2, 0.10, -1)
		r, err := Evaluate(units, Options{Base: 12, Bin: 3, Seed: uint64(round), Draws: 99})
		if err != nil {
			t.Fatal(err)
		}
		if r.Overall.Low <= 0.10 && 0.10 <= r.Overall.High {
			covered++
		}
		if r.Permutation.Low <= 0.10 && 0.10 <= r.Permutation.High {
			byPermutation++
		}
		if r.PreTrend.P < 0.05 {
			preTrendRefused++
		}
		all := true
		for _, e := range r.Events {
			if e.From >= 0 {
				all = all && e.SimLow <= 0.10 && 0.10 <= e.SimHigh
			}
		}
		if all {
			simultaneous++
		}
	}
	// 300 draws of 0.95 have a standard deviation of 3.8
	for what, n := range map[string]int{"cluster-robust interval": covered, "permutation interval": byPermutation} {
		if n < 273 || n > 298 {
			t.Errorf("the %s covers in %d of %d", what, n, rounds)
		}
	}
	if simultaneous < 262 {
		t.Errorf("the band covers all points in %d of %d", simultaneous, rounds)
	}
	if preTrendRefused > 30 {
		t.Errorf("parallel trends refused in %d of %d", preTrendRefused, rounds)
	}
	t.Logf("covered %d, by permutation %d, simultaneous %d, pre-trend refused %d of %d", covered, byPermutation, simultaneous, preTrendRefused, rounds)
}

func TestASlippingSubdistrictIsNoControlOfOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	units := district(rng, 8, 6, 24, 60, 2, 0, 7)
	within, err := Evaluate(units, Options{Base: 12, Draws: 99})
	if err != nil {
		t.Fatal(err)
	}
	for i := range units {
		units[i].Stratum = ""
	}
	across, err := Evaluate(units, Options{Base: 12, Draws: 99})
	if err != nil {
		t.Fatal(err)
	}
	if within.Overall.Low > 0 || within.Overall.High < 0 {
		t.Errorf("within strata no effect is %+v", within.Overall)
	}
	if across.Overall.Low < 0 {
		t.Errorf("against all, the slip of others is not seen as an effect any more: %+v", across.Overall)
	}
	if within.LeftOut != 6 {
		t.Errorf("%d units left out, want the 6 of the stratum without treated units", within.LeftOut)
	}
}

// A single treated unit has no spread of its own: only the permutation can judge it.
func TestASingleTreatedUnitIsJudgedByPermutation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	units := district(rng, 1, 30, 24, 200, 1, 0.2, -1)
	r, err := Evaluate(units, Options{Base: 12, Draws: 499})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Few || !math.IsNaN(r.Overall.StdError) {
		t.Errorf("few %v, standard error %v", r.Few, r.Overall.StdError)
	}
	if r.Permutation.P > 0.05 || r.Permutation.Low < 0 || r.Permutation.High < 0.2 {
		t.Errorf("permutation %+v of estimate %v", r.Permutation, r.Overall.Value)
	}
}

func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	units := district(rng, 2, 4, 12, 20, 0, 0, -1)
	if _, err := Evaluate(units, Options{}); err != ErrNoTreated {
		t.Errorf("err = %v, want ErrNoTreated", err)
	}
	for i := range units {
		units[i].Start = 5
	}
	if _, err := Evaluate(units, Options{}); err != ErrNoControls {
		t.Errorf("err = %v, want ErrNoControls", err)
	}
	units[0].Num = units[0].Num[:3]
	if _, err := Evaluate(units, Options{}); err == nil {
		t.Error("want an error for unequal lengths")
	}
}
