// Package sobol says which of a model's uncertain inputs matter: Sobol's first-
// and total-order indices, estimated from Saltelli's design of quasi-random
// points.
//
// The first-order index of an input is the share of the output's variance that
// would go if this input alone were fixed; the total-order index is the share
// that would remain if all others were. Their difference is interaction.
//
// Sources: I. M. Sobol', Math. Comput. Simul. 55 (2001) 271–280; A. Saltelli et
// al., Comput. Phys. Commun. 181 (2010) 259–270 (first order); M. J. W. Jansen,
// Comput. Phys. Commun. 117 (1999) 35–43 (total order).
package sobol

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// Indices are one input's.
type Indices struct{ First, Total float64 }

// Analyse runs the model on n·(inputs+2) points of the unit cube and returns
// the indices of its inputs. NaN when the output does not vary. The same seed
// gives the same answer.
func Analyse(inputs, n int, seed uint64, model func(u []float64) float64) []Indices {
	points := mat.NewDense(n, 2*inputs, nil)
	sampler := samplemv.Halton{Kind: samplemv.Owen, Q: distmv.NewUnitUniform(2*inputs, nil), Src: rand.NewPCG(seed, 1)}
	sampler.Sample(points)
	a := func(i int) []float64 { return points.RawRowView(i)[:inputs] }
	b := func(i int) []float64 { return points.RawRowView(i)[inputs:] }
	fa, fb := make([]float64, n), make([]float64, n)
	var sum, squares float64
	for i := range fa {
		fa[i], fb[i] = model(a(i)), model(b(i))
		sum += fa[i] + fb[i]
		squares += fa[i]*fa[i] + fb[i]*fb[i]
	}
	mean := sum / float64(2*n)
	variance := squares/float64(2*n) - mean*mean
	out := make([]Indices, inputs)
	mixed := make([]float64, inputs)
	for k := range out {
		var first, total float64
		for i := range fa {
			copy(mixed, a(i))
			mixed[k] = b(i)[k]
			f := model(mixed)
			// Centring changes nothing in expectation and much in precision.
			first += (fb[i] - mean) * (f - fa[i])
			total += (fa[i] - f) * (fa[i] - f)
		}
		if variance <= 1e-12*(1+mean*mean) {
			out[k] = Indices{math.NaN(), math.NaN()}
			continue
		}
		out[k] = Indices{First: first / float64(n) / variance, Total: total / float64(2*n) / variance}
	}
	return out
}
