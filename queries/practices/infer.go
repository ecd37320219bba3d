package practices

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/jiceng/jiceng/queries/stat"
)

// Estimate is an effect in the outcome's unit with its 95 % interval. The standard error
// is clustered by unit (area): what one area does over the months counts once.
type Estimate struct {
	Value    float64
	StdError float64
	DF       float64 // degrees of freedom of the t interval; +Inf when asymptotic
	Low      float64
	High     float64
	P        float64 // two-sided, of no effect
	// Effective numbers of clusters: units, counted by how much they weigh (A. V.
	// Carter, K. T. Schnepel and D. G. Steigerwald, "Asymptotic behavior of a t-test
	// robust to cluster heterogeneity", Review of Economics and Statistics 99, 2017).
	ClustersTreated float64
	ClustersControl float64
}

// Test is a joint test of several effects being 0.
type Test struct {
	Statistic float64
	DF1, DF2  float64 // DF2 = +Inf: chi-squared over DF1
	P         float64 // NaN where it cannot be made
}

// Permutation is randomisation inference: what the estimate would be, had the practice
// come to other units of the same strata in its stead (R. A. Fisher; D. Basu).
type Permutation struct {
	Draws     int
	P         float64 // share of draws at least as far from 0
	Low, High float64 // effects that the test at 5 % does not refuse, effects taken as constant; ±Inf where it refuses none
}

// estimate turns influences into an interval. The treated and the control units are two
// samples, so that Welch's degrees of freedom apply; n/(n-1) makes up for the means
// being fitted.
func (d *design) estimate(e effect) Estimate {
	var squares, fourths, treatedSum [2]float64
	for i, x := range e.influence {
		side := 0
		if d.units[i].Start != Never {
			side = 1
		}
		squares[side] += x * x
		fourths[side] += x * x * x * x
		treatedSum[side] += math.Abs(x)
	}
	out := Estimate{Value: e.value, DF: math.Inf(1)}
	out.ClustersControl, out.ClustersTreated = d.clusters(e)
	variance := squares[0] + squares[1]
	if !d.opt.Asymptotic {
		n := [2]float64{out.ClustersControl, out.ClustersTreated}
		var v, spread float64
		for side := range n {
			if squares[side] == 0 {
				continue
			}
			if n[side] <= 1 {
				v = math.NaN()
				break
			}
			part := squares[side] * n[side] / (n[side] - 1)
			v += part
			spread += part * part / (n[side] - 1)
		}
		variance, out.DF = v, v*v/spread
	}
	out.StdError = math.Sqrt(variance)
	if !(out.StdError > 0) {
		out.StdError, out.DF, out.Low, out.High, out.P = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return out
	}
	half := stat.TQuantile(0.975, out.DF) * out.StdError
	out.Low, out.High = e.value-half, e.value+half
	out.P = stat.TwoSidedT(e.value/out.StdError, out.DF)
	return out
}

// clusters counts the units that bear on an effect, each by its data: (Σw)²/Σw², where w
// is the unit's denominators.
func (d *design) clusters(e effect) (control, treated float64) {
	var sum, square [2]float64
	for i, x := range e.influence {
		if x == 0 {
			continue
		}
		side, w := 0, 0.0
		if d.units[i].Start != Never {
			side = 1
		}
		for _, n := range d.units[i].Den {
			w += n
		}
		sum[side] += w
		square[side] += w * w
	}
	count := func(side int) float64 {
		if square[side] == 0 {
			return 0
		}
		return sum[side] * sum[side] / square[side]
	}
	return count(0), count(1)
}

// simultaneous gives the number of standard errors that covers all effects at once with
// 95 %: the multiplier bootstrap of Callaway and Sant'Anna, with signs as multipliers,
// one for each unit.
func (d *design) simultaneous(effects []effect) float64 {
	rng := rand.New(rand.NewPCG(d.opt.Seed, 1))
	se := make([]float64, len(effects))
	for k, e := range effects {
		for _, x := range e.influence {
			se[k] += x * x
		}
		se[k] = math.Sqrt(se[k])
	}
	largest := make([]float64, d.opt.draws())
	sign := make([]float64, len(d.units))
	for b := range largest {
		for i := range sign {
			sign[i] = float64(2*rng.IntN(2) - 1)
		}
		for k, e := range effects {
			if se[k] == 0 {
				continue
			}
			sum := 0.0
			for i, x := range e.influence {
				sum += sign[i] * x
			}
			largest[b] = max(largest[b], math.Abs(sum)/se[k])
		}
	}
	slices.Sort(largest)
	return largest[min(len(largest)-1, int(math.Ceil(0.95*float64(len(largest)))))]
}

// preTrend tests whether treated and untreated moved alike before the start. In the
// original design all effects before the start must be 0. With a base of several
// periods, whose mean is 0 by construction, the points of the event study before the
// start, as far back as the base reaches, must equal the last of them.
func (d *design) preTrend(cells []cell) Test {
	var effects []effect
	if d.opt.Base == 0 {
		for _, c := range cells {
			if c.time < c.group {
				effects = append(effects, effect{c.att, c.influence})
			}
		}
	} else {
		_, bins := d.eventBins(filter(cells, func(c cell) bool { return c.baseInWindow }))
		if len(bins) > 0 {
			last := d.mean(bins[len(bins)-1])
			for _, bin := range bins[:len(bins)-1] {
				e := d.mean(bin)
				e.value -= last.value
				for i := range e.influence {
					e.influence[i] -= last.influence[i]
				}
				effects = append(effects, e)
			}
		}
	}
	return d.wald(effects)
}

// wald is the joint test that effects are 0: chi-squared, or with few clusters
// Hotelling's T², whose degrees of freedom are the treated units'.
func (d *design) wald(effects []effect) Test {
	k := len(effects)
	none := Test{Statistic: math.NaN(), DF1: float64(k), DF2: math.NaN(), P: math.NaN()}
	if k == 0 {
		return none
	}
	v := mat.NewSymDense(k, nil)
	x := mat.NewVecDense(k, nil)
	clusters := math.Inf(1)
	for a := range k {
		x.SetVec(a, effects[a].value)
		_, treated := d.clusters(effects[a])
		clusters = min(clusters, treated)
		for b := range a + 1 {
			sum := 0.0
			for i := range d.units {
				sum += effects[a].influence[i] * effects[b].influence[i]
			}
			v.SetSym(a, b, sum)
		}
	}
	if !d.opt.Asymptotic {
		if clusters <= float64(k)+1 {
			return none
		}
		v.ScaleSym(clusters/(clusters-1), v)
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return none
	}
	var solved mat.VecDense
	if err := chol.SolveVecTo(&solved, x); err != nil {
		return none
	}
	w := mat.Dot(x, &solved)
	if d.opt.Asymptotic {
		return Test{w, float64(k), math.Inf(1), stat.ChiSquaredTail(w, float64(k))}
	}
	f := w * (clusters - float64(k)) / (float64(k) * (clusters - 1))
	return Test{f, float64(k), clusters - float64(k), stat.FTail(f, float64(k), clusters-float64(k))}
}

// permute draws other units of the same strata as treated. The effect is linear in the
// numerators, so that one pass also tells which constant effects the test does not refuse:
// taking tau from every treated numerator changes a draw's estimate by tau times the
// estimate of the treatment itself.
func (d *design) permute(observed float64) Permutation {
	p := Permutation{Draws: d.opt.draws()}
	spans := d.spans()
	starts, controls := make([]int, len(d.units)), make([]pair, d.strata)
	byStratum := make([][]int, d.strata)
	for i, s := range d.stratum {
		byStratum[s] = append(byStratum[s], i)
	}
	rng := rand.New(rand.NewPCG(d.opt.Seed, 2))
	drawn, share := make([]float64, 0, p.Draws), make([]float64, 0, p.Draws)
	for range p.Draws {
		for _, members := range byStratum {
			order := rng.Perm(len(members))
			for k, i := range members {
				starts[i] = d.units[members[order[k]]].Start
			}
		}
		y, x, ok := d.overallOf(starts, spans, controls)
		if ok {
			drawn, share = append(drawn, y), append(share, x)
		}
	}
	value := func(tau float64) float64 {
		far := 1.0
		for b := range drawn {
			if math.Abs(drawn[b]-tau*share[b]) >= math.Abs(observed-tau)-1e-12 {
				far++
			}
		}
		return far / float64(len(drawn)+1)
	}
	p.P = value(0)
	p.Low, p.High = invert(value, observed, -1), invert(value, observed, 1)
	return p
}

// invert finds where the p-value falls below 5 %, going from the estimate one way.
func invert(value func(float64) float64, from float64, way float64) float64 {
	step := math.Max(math.Abs(from), 1e-6)
	inside := from
	for range 60 {
		outside := inside + way*step
		if value(outside) < 0.05 {
			for range 50 {
				mid := (inside + outside) / 2
				if value(mid) < 0.05 {
					outside = mid
				} else {
					inside = mid
				}
			}
			return outside
		}
		inside, step = outside, 2*step
		if step > 1e12 {
			break
		}
	}
	return math.Inf(int(way))
}

// pair is an outcome, a true treatment as if it were the outcome, and their denominators: a
// unit's own over some periods, or the treated units' excess over their controls.
type pair struct{ y, x, den float64 }

// spans is what permutations have in common: each unit's outcome and true treatment over
// the periods before a group's start, and over those of each bin after it.
type spans struct {
	group  int
	before []pair   // by unit
	after  [][]pair // by bin and unit
}

func (d *design) spans() []spans {
	var out []spans
	for _, g := range d.groups {
		s := spans{group: g, before: d.pairs(d.base(g, g))}
		for from := g; from < d.periods; from += d.opt.bin() {
			var periods []int
			for p := from; p < min(from+d.opt.bin(), d.periods); p++ {
				periods = append(periods, p)
			}
			s.after = append(s.after, d.pairs(periods))
		}
		out = append(out, s)
	}
	return out
}

// pairs adds up each unit over some periods.
func (d *design) pairs(periods []int) []pair {
	out := make([]pair, len(d.units))
	for i, u := range d.units {
		p := &out[i]
		for _, t := range periods {
			n := u.Den[t]
			if n == 0 {
				continue
			}
			p.y += u.Num[t]
			p.den += n
			if u.Start != Never && t >= u.Start {
				p.x += n
			}
		}
	}
	return out
}

// overallOf is the overall effect of the outcome, and of the true treatment as if it were
// the outcome, without influences, had the units started as starts says. controls is room
// for one pair a stratum.
func (d *design) overallOf(starts []int, all []spans, controls []pair) (outcome, treatment float64, ok bool) {
	var total float64
	for _, s := range all {
		base, known := d.pairOf(s.group, starts, s.before, controls)
		if !known {
			continue
		}
		for _, units := range s.after {
			at, ok := d.pairOf(s.group, starts, units, controls)
			if !ok {
				continue
			}
			outcome += at.den * (at.y/at.den - base.y/base.den)
			treatment += at.den * (at.x/at.den - base.x/base.den)
			total += at.den
		}
	}
	if total == 0 {
		return 0, 0, false
	}
	return outcome / total, treatment / total, true
}

// pairOf is gapOf for never-treated controls, without influences.
func (d *design) pairOf(g int, starts []int, units, controls []pair) (out pair, ok bool) {
	clear(controls)
	for i, start := range starts {
		if start == Never {
			p, c := units[i], &controls[d.stratum[i]]
			*c = pair{c.y + p.y, c.x + p.x, c.den + p.den}
		}
	}
	for i, start := range starts {
		if start != g {
			continue
		}
		p, c := units[i], controls[d.stratum[i]]
		if p.den > 0 && c.den != 0 {
			out = pair{out.y + p.y - p.den*c.y/c.den, out.x + p.x - p.den*c.x/c.den, out.den + p.den}
		}
	}
	return out, out.den > 0
}
