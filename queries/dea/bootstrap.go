package dea

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// FewestForBootstrap is the number of units below which the sample says too
// little about the spread of efficiency for an interval.
const FewestForBootstrap = 20

// Interval is a unit's CCR efficiency as the bootstrap sees it.
type Interval struct {
	Corrected float64 // for bias: a frontier seen through a sample lies too low, so that efficiency looks too high
	Low, High float64
}

// ErrTooFew says that there are fewer than FewestForBootstrap units with output.
var ErrTooFew = errors.New("too few units for a bootstrap")

// Bootstrap gives CCR efficiencies corrected for bias with intervals of a level
// (0.95) from some number of draws: the smoothed bootstrap with a homogeneous
// spread of efficiency, reflected at the frontier. Units without output have
// NaN. The same seed gives the same answer.
// Source: L. Simar, P. W. Wilson, Management Science 44 (1998) 49–61.
func Bootstrap(u Units, draws int, level float64, seed uint64) ([]Interval, error) {
	n, err := u.count()
	if err != nil {
		return nil, err
	}
	u = u.scaled()
	phi := make([]float64, n)
	t := newTableau(u)
	var known []float64
	for j := range phi {
		phi[j] = math.NaN()
		if total(u.Outputs, j) > 0 {
			phi[j] = max(1, t.phi(u, u.Inputs, u.Outputs, j))
			known = append(known, phi[j])
		}
	}
	if len(known) < FewestForBootstrap {
		return nil, ErrTooFew
	}
	seen := make([][]float64, n) // φ against each draw's frontier
	random := rand.New(rand.NewPCG(seed, 5))
	h := bandwidth(known)
	pseudo := Units{Inputs: u.Inputs, Outputs: make([][]float64, len(u.Outputs))}
	for r := range pseudo.Outputs {
		pseudo.Outputs[r] = make([]float64, n)
	}
	for range draws {
		drawn := smooth(known, n, h, random)
		for r, row := range u.Outputs {
			for j, y := range row {
				pseudo.Outputs[r][j] = 0
				if !math.IsNaN(phi[j]) {
					pseudo.Outputs[r][j] = y * phi[j] / drawn[j]
				}
			}
		}
		for j := range phi {
			if !math.IsNaN(phi[j]) {
				seen[j] = append(seen[j], t.phi(pseudo, u.Inputs, u.Outputs, j))
			}
		}
	}
	return intervals(phi, seen, level), nil
}

// intervals turns the draws round: as the draws lie to the estimate, so the estimate lies to the truth.
func intervals(phi []float64, seen [][]float64, level float64) []Interval {
	out := make([]Interval, len(phi))
	tail := (1 - level) / 2
	for j, f := range phi {
		if math.IsNaN(f) {
			out[j] = Interval{math.NaN(), math.NaN(), math.NaN()}
			continue
		}
		slices.Sort(seen[j])
		off := func(p float64) float64 { return stat.Quantile(p, stat.Empirical, seen[j], nil) - f }
		// The frontier cannot be nearer than it is seen: φ is at least what was estimated.
		out[j] = Interval{Corrected: 1 / max(f, 2*f-stat.Mean(seen[j], nil)), Low: 1 / max(f, f-off(tail)), High: 1 / max(f, f-off(1-tail))}
	}
	return out
}

// smooth draws n values of φ from the kernel density of the known ones,
// reflected at 1. What the smoothing added to the variance is taken off again by
// shrinking around the frontier. (The paper shrinks around the mean, which moves
// the frontier itself inward: on data with a known frontier the bias came out
// three times too large, see the test.)
func smooth(known []float64, n int, h float64, random *rand.Rand) []float64 {
	var spread float64
	for _, f := range known {
		spread += (f - 1) * (f - 1) / float64(len(known))
	}
	shrink := 1.0
	if spread > 0 {
		shrink = 1 / math.Sqrt(1+h*h/spread)
	}
	out := make([]float64, n)
	for j := range out {
		below := known[random.IntN(len(known))] - 1
		out[j] = 1 + math.Abs(below+h*random.NormFloat64())*shrink
	}
	return out
}

// bandwidth is Silverman's normal reference rule on the values mirrored at 1,
// without those on the frontier (a mass that the estimation itself makes).
func bandwidth(known []float64) float64 {
	var mirrored []float64
	for _, f := range known {
		if f > 1+1e-6 {
			mirrored = append(mirrored, f, 2-f)
		}
	}
	if len(mirrored) < 4 {
		return 0
	}
	slices.Sort(mirrored)
	sd := stat.StdDev(mirrored, nil)
	iqr := stat.Quantile(0.75, stat.Empirical, mirrored, nil) - stat.Quantile(0.25, stat.Empirical, mirrored, nil)
	return 0.9 * min(sd, iqr/1.34) * math.Pow(float64(len(mirrored)), -0.2)
}
