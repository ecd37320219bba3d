package ask

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jiceng/jiceng/queries/index"
	"github.com/jiceng/jiceng/queries/index/aggregate"
)

// madeBench is 120 communities and 40 indicators in five dimensions, every choice left open.
func madeBench(tb testing.TB) *Bench {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	b := &Bench{Shipped: index.Config{Code: "x", Scale: []float64{1, 100}, Treat: index.DefaultTreat(), Normalise: index.Goalposts, Weights: index.WeightsGiven,
		Aggregate: []aggregate.Method{aggregate.Arithmetic, aggregate.Geometric}, Tree: index.Node{Code: "x"}}}
	for i := range 120 {
		b.Codes, b.Names, b.Parents = append(b.Codes, fmt.Sprint("c", i)), append(b.Names, fmt.Sprint("社区", i)), append(b.Parents, fmt.Sprint("s", i/10))
	}
	b.raw = index.NewTable(b.Codes, nil)
	for d := range 5 {
		node := index.Node{Code: string(rune('A' + d))}
		for k := range 8 {
			leaf := index.Node{Code: fmt.Sprint(node.Code, k), Direction: "up", Goalposts: []float64{0, 1}}
			column, errors := make([]float64, 120), make([]float64, 120)
			for i := range column {
				column[i], errors[i] = random.Float64(), 0.1*random.Float64()
			}
			node.Children = append(node.Children, leaf)
			b.raw.Names, b.raw.Columns, b.errors = append(b.raw.Names, leaf.Code), append(b.raw.Columns, column), append(b.errors, errors)
		}
		b.Shipped.Tree.Children = append(b.Shipped.Tree.Children, node)
	}
	b.Shipped.Uncertain = &index.Uncertainty{Draws: 10_000, Treatments: []index.TreatMethod{index.TreatNone, index.TreatSkew},
		Normalise: []index.NormaliseMethod{index.Goalposts, index.MinMax, index.ZScore, index.Percentile},
		Weights:   []index.WeightMethod{index.WeightsGiven, index.WeightsEqual, index.WeightsEntropy, index.WeightsCRITIC, index.WeightsPCA}, WeightsBy: 0.25,
		Aggregate: []aggregate.Method{aggregate.Arithmetic, aggregate.Geometric, aggregate.Harmonic}, Sampling: true}
	var err error
	if b.base, err = index.Build(b.Shipped, b.raw, b.Parents); err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestTheLabRanksACommonDistrictWithEveryChoiceOpen(t *testing.T) {
	b := madeBench(t)
	for _, draws := range []int{200, 1000} {
		cfg := b.Shipped
		cfg.Tree.Children = slices.Clone(cfg.Tree.Children)
		cfg.Tree.Children[0].Weight = 3
		result, err := b.Try(cfg, draws)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Rows) != 120 {
			t.Fatalf("%d draws rank %d communities, want 120", draws, len(result.Rows))
		}
		for _, r := range result.Rows {
			if r.RankLow < 1 || r.RankLow > r.RankHigh || r.RankHigh > 120 {
				t.Errorf("%d draws place %s between %v and %v of 120", draws, r.Code, r.RankLow, r.RankHigh)
			}
		}
	}
}

// The bar of the index lab is 200 ms. The page simulates 1,000 times.
func BenchmarkLab120Communities40Indicators(b *testing.B) {
	bench := madeBench(b)
	for _, draws := range []int{200, 1000} {
		b.Run(fmt.Sprint(draws, " draws"), func(b *testing.B) {
			for b.Loop() {
				if _, err := bench.Try(bench.Shipped, draws); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
