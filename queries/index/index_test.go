package index_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/index/aggregate"
	"github.com/jiceng/jiceng/queries/index/weigh"
)

var nan = math.NaN()

// two dimensions: A of a1 (up) and a2 (down), B of b1 (up); goalposts 0 to 10.
func small() index.Config {
	post := []float64{0, 10}
	return index.Config{Code: "t", Kind: "index", Name: index.Text{Zh: "试", En: "trial"}, Scale: []float64{1, 100}, Estimate: "value", Impute: index.ImputeNone,
		Normalise: index.Goalposts, Weights: index.WeightsGiven, Aggregate: []aggregate.Method{aggregate.Arithmetic, aggregate.Geometric},
		Minimum: index.Minimum{Children: 0.5, Coverage: 0.3},
		Tree: index.Node{Code: "t", Children: []index.Node{
			{Code: "A", Weight: 2, Children: []index.Node{{Code: "a1", Weight: 3, Direction: "up", Goalposts: post}, {Code: "a2", Weight: 1, Direction: "down", Goalposts: post}}},
			{Code: "B", Weight: 1, Children: []index.Node{{Code: "b1", Direction: "up", Goalposts: post}}},
		}}}
}

// table has the columns a1, a2, b1.
func table(units []string, columns ...[]float64) index.Table {
	return index.Table{Units: units, Names: []string{"a1", "a2", "b1"}, Columns: columns}
}

func build(t *testing.T, cfg index.Config, raw index.Table) *index.Result {
	t.Helper()
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	r, err := index.Build(cfg, raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnIndexOfTwoUnitsComputedByHand(t *testing.T) {
	r := build(t, small(), table([]string{"u", "v"}, []float64{10, 0}, []float64{10, 5}, []float64{5, 20}))
	// u: a1 = 100, a2 = 1, A = 75.25, b1 = 50.5; v: a1 = 1, a2 = 50.5, A = 13.375, b1 cut to 100
	want := []float64{math.Pow(75.25, 2./3) * math.Pow(50.5, 1./3), math.Pow(13.375, 2./3) * math.Pow(100, 1./3)}
	for i, x := range r.Score() {
		if math.Abs(x-want[i]) > 1e-9 {
			t.Errorf("unit %d: %v, want %v", i, x, want[i])
		}
	}
}

func TestMissingValuesScaleUpTheOthersUntilTooLittleIsKnown(t *testing.T) {
	units := []string{"all", "no a2", "no a1", "no b1", "none"}
	r := build(t, small(), table(units, []float64{5, 5, nan, 5, nan}, []float64{5, nan, 5, 5, nan}, []float64{5, 5, 5, nan, nan}))
	// a1 carries 3/4 of A: without it A is not given (minimum 1/2), and B alone (1/3) is too little for the index.
	// Without b1 the index is A, which carries 2/3.
	for i, want := range []float64{50.5, 50.5, nan, 50.5, nan} {
		if got := r.Score()[i]; !(math.Abs(got-want) < 1e-9) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s: %v, want %v", units[i], got, want)
		}
	}
	if ranks := index.Ranks(r.Score()); ranks[2] != 0 || ranks[4] != 0 || ranks[0] != 1 {
		t.Errorf("ranks %v", ranks)
	}
}

func TestWhatAPlaceDoesNotMeasureAtAllDoesNotCountAgainstItsUnits(t *testing.T) {
	r := build(t, small(), table([]string{"u", "v"}, []float64{nan, nan}, []float64{2, 4}, []float64{5, 5}))
	if math.IsNaN(r.Score()[0]) || math.Abs(r.Coverage-(2./3*1/4+1./3)) > 1e-12 {
		t.Errorf("score %v, coverage %v", r.Score(), r.Coverage)
	}
	// But with too small a part of the tree there is no index.
	r = build(t, small(), table([]string{"u", "v"}, []float64{nan, nan}, []float64{2, 4}, []float64{nan, nan}))
	if !math.IsNaN(r.Score()[0]) {
		t.Errorf("score %v with a coverage of %v", r.Score(), r.Coverage)
	}
}

func TestOneUnitAllMissingAndConstantIndicatorsUnderEveryMethod(t *testing.T) {
	for name, raw := range map[string]index.Table{
		"one unit":    table([]string{"u"}, []float64{3}, []float64{4}, []float64{5}),
		"all missing": table([]string{"u", "v", "w"}, []float64{nan, nan, nan}, []float64{nan, nan, nan}, []float64{nan, nan, nan}),
		"constant":    table([]string{"u", "v", "w"}, []float64{3, 3, 3}, []float64{4, 4, 4}, []float64{5, 5, 5}),
	} {
		for _, method := range []index.NormaliseMethod{index.Goalposts, index.MinMax, index.ZScore, index.Rank, index.Percentile} {
			cfg := small()
			cfg.Normalise = method
			cfg.Treat = index.DefaultTreat()
			r := build(t, cfg, raw)
			for i, x := range r.Score() {
				if math.IsNaN(x) != (name == "all missing") || math.IsInf(x, 0) {
					t.Errorf("%s, %s: score %v", name, method, x)
				}
				if i > 0 && !math.IsNaN(x) && x != r.Score()[0] {
					t.Errorf("%s, %s: scores %v", name, method, r.Score())
				}
			}
			u := index.Uncertainty{Draws: 20, Normalise: []index.NormaliseMethod{index.MinMax, index.ZScore}, Weights: []index.WeightMethod{index.WeightsEntropy, index.WeightsPCA},
				WeightsBy: 0.2, Treatments: []index.TreatMethod{index.TreatNone, index.TreatSkew}}
			s, err := r.Simulate(u, nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			if name != "all missing" && (s.RankLow[0] != 1 || s.RankHigh[0] != 1) {
				t.Errorf("%s, %s: rank interval %d to %d", name, method, s.RankLow[0], s.RankHigh[0])
			}
			r.Audit()
			r.Obstacles(0)
		}
		cfg := small()
		cfg.Weights = index.WeightsEntropy
		if _, err := index.Build(cfg, raw, nil); !errors.Is(err, weigh.ErrNoInformation) {
			t.Errorf("%s: entropy weights gave %v", name, err)
		}
	}
}

func TestTiesShareARankAndRoundingMakesNone(t *testing.T) {
	got := index.Ranks([]float64{5, 9, 5 + 1e-12, nan, 1})
	for i, want := range []int{2, 1, 2, 0, 4} {
		if got[i] != want {
			t.Fatalf("%v", got)
		}
	}
}

func TestZeroUnderAGeometricMeanIsRefusedByTheConfiguration(t *testing.T) {
	cfg := small()
	cfg.Scale = []float64{0, 100}
	if cfg.Check() == nil {
		t.Error("a geometric mean on a scale from 0 was accepted")
	}
	if _, err := index.Build(cfg, table([]string{"u"}, []float64{0}, []float64{10}, []float64{5}), nil); !errors.Is(err, aggregate.ErrNotPositive) {
		t.Errorf("%v", err)
	}
}

func TestEveryNormalisationTurnsIndicatorsThatShouldBeLow(t *testing.T) {
	target := 2.0
	for _, method := range []index.NormaliseMethod{index.Goalposts, index.MinMax, index.ZScore, index.Rank, index.Percentile, index.Target} {
		cfg := small()
		cfg.Normalise = method
		for i := range cfg.Tree.Children {
			for j := range cfg.Tree.Children[i].Children {
				cfg.Tree.Children[i].Children[j].Target = &target
			}
		}
		r := build(t, cfg, table([]string{"u", "v", "w"}, []float64{3, 4, 5}, []float64{3, 4, 5}, []float64{3, 3, 9}))
		up, down := r.Normalised.Columns[0], r.Normalised.Columns[1]
		if !(up[0] <= up[1] && up[1] <= up[2]) || !(down[0] > down[1] && down[1] > down[2]) {
			t.Errorf("%s: up %v, down %v", method, up, down)
		}
		if tied := r.Normalised.Columns[2]; tied[0] != tied[1] {
			t.Errorf("%s: ties differ: %v", method, tied)
		}
	}
}

func TestStepsScoreACountAsOfficesDo(t *testing.T) {
	all, err := index.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range all {
		if cfg.Code != "acceptor_score" {
			continue
		}
		raw := index.NewTable([]string{"2001", "2000", "501", "100", "none"}, []string{"accepted", "F18", "F19"})
		raw.Columns = [][]float64{{2001, 2000, 501, 100, nan}, {1, 1, 0.5, 0, 1}, {1, 1, 0.5, 0, 0.5}}
		r := build(t, cfg, raw)
		for i, want := range []float64{100, 97.5, 25*0.75 + 37.5, 0, (40 + 17.5) / 0.75} {
			if math.Abs(r.Score()[i]-want) > 1e-9 {
				t.Errorf("%s: %v, want %v", r.Units[i], r.Score()[i], want)
			}
		}
		if cfg.GradeOf(97.5) != "A" || cfg.GradeOf(89.99) != "B" || cfg.GradeOf(60) != "C" || cfg.GradeOf(59) != "D" || cfg.GradeOf(0) != "E" || cfg.GradeOf(nan) != "" {
			t.Error("grades")
		}
		return
	}
	t.Error("no acceptor_score")
}

// random gives a table with gaps, some of them whole columns.
func random(r *rand.Rand, units int) index.Table {
	names := make([]string, units)
	raw := table(names, make([]float64, units), make([]float64, units), make([]float64, units))
	for j := range raw.Columns {
		for i := range units {
			raw.Columns[j][i] = 12*r.Float64() - 1
			if r.IntN(6) == 0 {
				raw.Columns[j][i] = nan
			}
		}
	}
	return raw
}

func TestContributionsAddUpToTheChangeWhateverCameOrWent(t *testing.T) {
	random20 := rand.New(rand.NewPCG(5, 5))
	split, moved := 0, 0.0
	for _, methods := range [][]aggregate.Method{{aggregate.Arithmetic}, {aggregate.Arithmetic, aggregate.Geometric}, {aggregate.Geometric, aggregate.Harmonic},
		{aggregate.Harmonic, aggregate.Arithmetic}} {
		cfg := small()
		cfg.Aggregate = methods
		cfg.Minimum = index.Minimum{Children: 0.2}
		for range 50 {
			before, after := build(t, cfg, random(random20, 20)), build(t, cfg, random(random20, 20))
			for i := range 20 {
				parts, err := index.Contributions(before, after, i, i)
				if err != nil {
					t.Fatal(err)
				}
				change := after.Score()[i] - before.Score()[i]
				if parts == nil {
					if !math.IsNaN(change) {
						t.Fatalf("no contributions to a change of %v", change)
					}
					continue
				}
				var sum float64
				for _, p := range parts {
					sum += p.Value + p.Weight
					moved += math.Abs(p.Weight)
				}
				if math.Abs(sum-change) > 1e-9 {
					t.Fatalf("%v: contributions %+v add up to %v, the change is %v", methods, parts, sum, change)
				}
				split++
			}
		}
	}
	if split < 2000 || moved == 0 {
		t.Errorf("only %d changes were split, weights moved %v", split, moved)
	}
}

func TestAnIndicatorThatDidNotMoveContributesNothing(t *testing.T) {
	before := build(t, small(), table([]string{"u"}, []float64{3}, []float64{4}, []float64{5}))
	after := build(t, small(), table([]string{"u"}, []float64{3}, []float64{4}, []float64{7}))
	parts, err := index.Contributions(before, after, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if parts[0].Value != 0 || parts[1].Value != 0 || math.Abs(parts[2].Value-(after.Score()[0]-before.Score()[0])) > 1e-12 {
		t.Errorf("%+v", parts)
	}
}

func TestAMediansChangeIsRefusedInsteadOfSplitWrongly(t *testing.T) {
	cfg := small()
	cfg.Aggregate = []aggregate.Method{aggregate.Median}
	r := build(t, cfg, table([]string{"u"}, []float64{3}, []float64{4}, []float64{5}))
	var notSeparable *index.NotSeparableError
	if _, err := index.Contributions(r, r, 0, 0); !errors.As(err, &notSeparable) {
		t.Errorf("%v", err)
	}
}

func TestObstaclesAreWeightTimesGapAndAddUpToOne(t *testing.T) {
	r := build(t, small(), table([]string{"u", "best"}, []float64{5, 10}, []float64{10, 0}, []float64{nan, 10}))
	// u without b1: A is all there is; a1 has 3/4 and a gap of 1/2, a2 1/4 and a gap of 1.
	got := r.Obstacles(0)
	if len(got) != 2 || math.Abs(got[0].Degree-0.6) > 1e-12 || math.Abs(got[1].Degree-0.4) > 1e-12 || got[1].Gap != 1 {
		t.Errorf("%+v", got)
	}
	if r.Obstacles(1) != nil {
		t.Error("the best has obstacles")
	}
}

// By the formulas of 廖重斌 (1999): two scores of 0.6 and 0.8.
func TestCouplingOfTwoScores(t *testing.T) {
	c := index.Coupling(0.6, 0.8, 0.5)
	wantC := 2 * math.Sqrt(0.48) / 1.4
	if math.Abs(c.C-wantC) > 1e-12 || math.Abs(c.T-0.7) > 1e-12 || math.Abs(c.D-math.Sqrt(wantC*0.7)) > 1e-12 || c.Grade() != 9 {
		t.Errorf("%+v grade %d", c, c.Grade())
	}
	if same := index.Coupling(0.55, 0.55, 0.5); same.C != 1 || math.Abs(same.D-math.Sqrt(0.55)) > 1e-12 {
		t.Errorf("equal scores: %+v", same)
	}
	if none := index.Coupling(0, 0.9, 0.5); none.C != 0 || none.D != 0 || none.Grade() != 1 {
		t.Errorf("nothing beside much: %+v", none)
	}
	if index.Coupling(0, 0, 0.5).D != 0 || index.Coupling(1, 1, 0.5).Grade() != 10 || index.Coupling(nan, 1, 0.5).Grade() != 0 || len(index.CouplingGrades()) != 10 {
		t.Error("edges")
	}
}

// L. J. Cronbach's alpha of three columns, by hand: variances 2.5 each;
// the sum's (4, 6, 9, 12, 14) 17; 3/2 · (1 − 7.5/17).
func TestCronbachsAlphaByHand(t *testing.T) {
	got := index.Cronbach([][]float64{{1, 2, 3, 4, 5}, {2, 1, 4, 3, 5}, {1, 3, 2, 5, 4}})
	want := 1.5 * (1 - 7.5/17)
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%v, want %v", got, want)
	}
	if !math.IsNaN(index.Cronbach([][]float64{{1, 2, 3}})) || !math.IsNaN(index.Cronbach([][]float64{{1, 1, 1}, {2, 2, 2}})) {
		t.Error("one column or no variance has an alpha")
	}
}

func TestWithNothingOpenTheRankIntervalIsTheRank(t *testing.T) {
	r := build(t, small(), random(rand.New(rand.NewPCG(8, 8)), 30))
	s, err := r.Simulate(index.Uncertainty{Draws: 10}, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, rank := range index.Ranks(r.Score()) {
		if s.RankLow[i] != rank || s.RankHigh[i] != rank {
			t.Errorf("unit %d: rank %d, interval %d to %d", i, rank, s.RankLow[i], s.RankHigh[i])
		}
		if x := r.Score()[i]; !math.IsNaN(x) && (math.Abs(s.ScoreLow[i]-x) > 1e-4 || math.Abs(s.ScoreHigh[i]-x) > 1e-4) {
			t.Errorf("unit %d: score %v, interval %v to %v", i, x, s.ScoreLow[i], s.ScoreHigh[i])
		}
	}
}

func TestMoreUncertaintyMakesWiderRankIntervalsAndTheSameSeedTheSame(t *testing.T) {
	raw := random(rand.New(rand.NewPCG(8, 8)), 40)
	r := build(t, small(), raw)
	errs := make([][]float64, 3)
	for j := range errs {
		errs[j] = make([]float64, 40)
		for i := range errs[j] {
			errs[j][i] = 1
		}
	}
	width := func(u index.Uncertainty) float64 {
		s, err := r.Simulate(u, errs, 3)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.Simulate(u, errs, 3)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for i := range s.RankLow {
			if s.RankLow[i] != again.RankLow[i] || s.RankHigh[i] != again.RankHigh[i] {
				t.Fatal("the same seed gave another answer")
			}
			sum += float64(s.RankHigh[i] - s.RankLow[i])
		}
		return sum
	}
	little := width(index.Uncertainty{Draws: 200, WeightsBy: 0.05})
	much := width(index.Uncertainty{Draws: 200, WeightsBy: 0.5})
	sampled := width(index.Uncertainty{Draws: 200, WeightsBy: 0.5, Sampling: true})
	if !(little < much && much < sampled) {
		t.Errorf("widths %v, %v, %v", little, much, sampled)
	}
}

// The mean of simulated sampling must match the error it is drawn from: with one
// indicator and errors of 1 on a scale of 9.9 points a unit, 90 % of the scores
// lie within 1.645 · 9.9 of the score.
func TestSamplingErrorsSpreadScoresAsANormalDoes(t *testing.T) {
	cfg := small()
	cfg.Aggregate = []aggregate.Method{aggregate.Arithmetic}
	units := make([]string, 5)
	raw := table(units, []float64{5, 5, 5, 5, 5}, []float64{5, 5, 5, 5, 5}, []float64{5, 5, 5, 5, 5})
	cfg.Tree.Children = cfg.Tree.Children[1:]
	raw.Columns, raw.Names = raw.Columns[2:], raw.Names[2:]
	r := build(t, cfg, raw)
	s, err := r.Simulate(index.Uncertainty{Draws: 8000, Sampling: true}, [][]float64{{1, 1, 1, 1, 1}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range units {
		if math.Abs(s.ScoreLow[i]-(50.5-1.645*9.9)) > 0.7 || math.Abs(s.ScoreHigh[i]-(50.5+1.645*9.9)) > 0.7 {
			t.Errorf("unit %d: %v to %v", i, s.ScoreLow[i], s.ScoreHigh[i])
		}
		if s.RankLow[i] != 1 || s.RankHigh[i] != 5 {
			t.Errorf("five equal units: rank %d to %d", s.RankLow[i], s.RankHigh[i])
		}
	}
}

func TestSensitivityNamesTheChoiceThatMovesTheRanks(t *testing.T) {
	r := build(t, small(), random(rand.New(rand.NewPCG(4, 4)), 40))
	// Weights hardly differ; the normalisations and the weights' methods do.
	factors, err := r.Sensitivity(index.Uncertainty{Draws: 1, WeightsBy: 0.001, Normalise: []index.NormaliseMethod{index.Goalposts, index.Rank, index.ZScore},
		Weights: []index.WeightMethod{index.WeightsGiven, index.WeightsPCA}}, nil, 256, 1)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]index.Factor{}
	for _, f := range factors {
		by[f.Name] = f
	}
	if len(factors) != 3 || by[index.FactorWeightsBy].Total > 0.05 || by[index.FactorNormalise].Total+by[index.FactorWeights].Total < 0.9 {
		t.Errorf("%+v", factors)
	}
}

func TestATreeThatCannotBeRightIsRefused(t *testing.T) {
	for what, spoil := range map[string]func(*index.Config){
		"a code twice":        func(c *index.Config) { c.Tree.Children[1].Code = "A" },
		"no direction":        func(c *index.Config) { c.Tree.Children[1].Children[0].Direction = "" },
		"negative weight":     func(c *index.Config) { c.Tree.Children[0].Weight = -1 },
		"no children":         func(c *index.Config) { c.Tree.Children = nil },
		"goalposts turned":    func(c *index.Config) { c.Tree.Children[1].Children[0].Goalposts = []float64{5, 5} },
		"unknown method":      func(c *index.Config) { c.Normalise = "x" },
		"no aggregation":      func(c *index.Config) { c.Aggregate = nil },
		"a scale upside down": func(c *index.Config) { c.Scale = []float64{100, 1} },
		"no draws":            func(c *index.Config) { c.Uncertain = &index.Uncertainty{} },
		"an inconsistent AHP": func(c *index.Config) {
			c.Weights = index.WeightsAHP
			c.Tree.Pairwise = [][]float64{{1, 2}, {2, 1}}
		},
	} {
		cfg := small()
		spoil(&cfg)
		err := cfg.Check()
		if err == nil {
			_, err = index.Build(cfg, table([]string{"u"}, []float64{1}, []float64{2}, []float64{3}), nil)
		}
		if err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

func TestAHPWeighsTheNodesThatHaveComparisons(t *testing.T) {
	cfg := small()
	cfg.Weights = index.WeightsAHP
	cfg.Tree.Pairwise = [][]float64{{1, 4}, {0.25, 1}}
	r := build(t, cfg, table([]string{"u"}, []float64{1}, []float64{2}, []float64{3}))
	if w := r.Weights[r.Tree.Find("A")]; math.Abs(w-0.8) > 1e-9 {
		t.Errorf("weight of A %v", w)
	}
	if w := r.Weights[r.Tree.Find("a1")]; math.Abs(w-0.75) > 1e-9 {
		t.Errorf("weight of a1 %v", w)
	}
}

// 10,000 draws over 1,200 grids and 40 indicators in 5 dimensions, all choices open.
func BenchmarkSimulate1200Grids40Indicators10000Draws(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	cfg := small()
	cfg.Tree.Children = nil
	raw := index.NewTable(make([]string, 1200), nil)
	var errs [][]float64
	for d := range 5 {
		node := index.Node{Code: string(rune('A' + d))}
		for k := range 8 {
			node.Children = append(node.Children, index.Node{Code: node.Code + string(rune('1'+k)), Direction: "up", Goalposts: []float64{0, 1}})
			column, e := make([]float64, 1200), make([]float64, 1200)
			for i := range column {
				column[i], e[i] = random.Float64(), 0.1*random.Float64()
			}
			raw.Names = append(raw.Names, node.Children[k].Code)
			raw.Columns, errs = append(raw.Columns, column), append(errs, e)
		}
		cfg.Tree.Children = append(cfg.Tree.Children, node)
	}
	r, err := index.Build(cfg, raw, nil)
	if err != nil {
		b.Fatal(err)
	}
	u := index.Uncertainty{Draws: 10000, Treatments: []index.TreatMethod{index.TreatNone, index.TreatSkew},
		Normalise: []index.NormaliseMethod{index.Goalposts, index.MinMax, index.ZScore, index.Percentile},
		Weights:   []index.WeightMethod{index.WeightsGiven, index.WeightsEqual, index.WeightsEntropy, index.WeightsCRITIC, index.WeightsPCA}, WeightsBy: 0.25,
		Aggregate: []aggregate.Method{aggregate.Arithmetic, aggregate.Geometric, aggregate.Harmonic}, Sampling: true}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Simulate(u, errs, 1); err != nil {
			b.Fatal(err)
		}
	}
}
