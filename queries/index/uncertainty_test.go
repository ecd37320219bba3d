package index

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A draw ranks with its own buffers, by parts of the range or where these are too full by
// comparison; either way as Ranks does.
func TestADrawRanksAsTheIndexDoes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]func(i int) float64{
		"spread":   func(int) float64 { return rng.Float64() },
		"ties":     func(int) float64 { return math.Round(9 * rng.Float64()) },
		"alike":    func(int) float64 { return 7 },
		"outliers": func(i int) float64 { return math.Pow(10, float64(i%60)) },
		"tiny":     func(i int) float64 { return 5e-324 * float64(i%2) },
		"missing":  func(int) float64 { return math.NaN() },
		"gaps": func(i int) float64 {
			if i%3 == 0 {
				return math.NaN()
			}
			return rng.NormFloat64()
		},
	}
	for name, of := range kinds {
		for _, units := range []int{1, 2, 30, 500} {
			scores := make([]float64, units)
			for i := range scores {
				scores[i] = of(i)
			}
			s := Simulation{r: &Result{Tree: &Tree{Nodes: make([]Node, 1)}, Units: make([]string, units)}}
			d := s.newDraw()
			for range 2 { // the second time with used buffers
				d.scores[0] = scores
				d.rank()
				if want := Ranks(scores); !slices.Equal(d.ranks, want) {
					t.Errorf("%s: ranks %v of %v, want %v", name, d.ranks, scores, want)
				}
			}
		}
	}
}
