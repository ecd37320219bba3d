// Package spc tells signals from noise: control charts for values (XmR), shares (p)
// and rates (u), with Laney's p′ and u′ for the over-dispersion that counts of a real
// district always have, special-cause rules by name, and the number of false alarms
// that looking at many series must be expected to raise.
//
// Patterns run over the points that have a value: a month without data is skipped,
// never 0.
package spc

import (
	"errors"
	"fmt"
	"math"
)

// Kind is a chart's kind.
type Kind string

const (
	XmR    Kind = "xmr"     // values, by their moving range
	P      Kind = "p"       // shares, binomial spread
	PPrime Kind = "p_prime" // shares, binomial spread times sigma z
	U      Kind = "u"       // rates, Poisson spread
	UPrime Kind = "u_prime" // rates, Poisson spread times sigma z
)

// The constants of the XmR chart for moving ranges of two points: 3/d2, D4 and d2
// (Wheeler, Understanding Variation; ASTM Manual on Presentation of Data, table).
const (
	limitFactor = 2.66
	rangeFactor = 3.268
	d2          = 1.128
)

// defaultBaseline is two years of months.
const defaultBaseline = 24

// fewestPoints is the least from which Wheeler still computes useful limits;
// steadyPoints is where limits begin to be solid.
const (
	fewestPoints = 5
	steadyPoints = 12
)

// ErrTooShort says that the baseline has too few points for limits.
var ErrTooShort = errors.New("too few points for control limits")

// Options choose what the limits rest on and which patterns count.
type Options struct {
	// Baseline is the number of points with a value, from the first, that set the
	// centre and the limits; all later ones are judged by them. 0 means 24, or all of a
	// shorter series.
	Baseline int
	// Moving judges each point by the limits of so many points before it, instead of by
	// those of the first ones (Baseline): what a nightly run knew when the point was new.
	// 0 means no.
	Moving int
	// Learn is how many points must lie before the first that is judged so; 0 means 12.
	Learn int
	// Exclude lists points (by index in the series) that shall not set limits, such as
	// a flood week whose cause is known. They are still judged.
	Exclude []int
	// TrimRounds is how often points beyond the limits are left out of the baseline and
	// the limits computed again. 0 leaves all in.
	TrimRounds int
	// Rules to apply; nil means Standard.
	Rules []Rule
}

// Point is one point of a chart.
type Point struct {
	Index    int     // in the series as given
	Value    float64 // NaN where there is no data
	N        float64 // denominator of a share or rate, NaN for XmR
	Centre   float64 // centre line; NaN where there is no data, or not yet a limit
	Low      float64 // control limits; NaN likewise
	High     float64
	Z        float64 // distance from the centre in sigmas
	Range    float64 // XmR: step from the point before, NaN at the first
	Baseline bool    // helped to set the limits
	Rules    []Rule  // patterns that this point completes
}

// Flagged tells whether any rule fired.
func (p Point) Flagged() bool { return len(p.Rules) > 0 }

// Above tells on which side of the centre the point lies.
func (p Point) Above() bool { return p.Z > 0 }

// Chart is a control chart, one point for each of the series, in its order.
type Chart struct {
	Kind       Kind
	Centre     float64
	SigmaZ     float64 // p′ and u′: spread over the binomial or Poisson one; else 1
	MeanRange  float64 // XmR: mean moving range; else NaN
	RangeLimit float64 // XmR: upper limit of the moving range; else NaN
	BaselineN  int     // points that set the limits
	Short      bool    // fewer than 12 of them: limits are provisional
	Rules      []Rule
	Points     []Point
}

// Flagged returns the points that completed a pattern, in order.
func (c Chart) Flagged() []Point {
	var out []Point
	for _, p := range c.Points {
		if p.Flagged() {
			out = append(out, p)
		}
	}
	return out
}

// Values makes an XmR chart; NaN is a missing value.
func Values(values []float64, opt Options) (Chart, error) {
	return build(XmR, values, nil, opt)
}

// Shares makes a p chart of count[i] of n[i], or with laney the p′ chart (D. B. Laney,
// "Improved control charts for attributes", Quality Engineering 14, 2002). n of 0 is
// a point without data.
func Shares(count, n []float64, laney bool, opt Options) (Chart, error) {
	kind := P
	if laney {
		kind = PPrime
	}
	return ratios(kind, count, n, opt)
}

// Rates makes a u chart of count[i] events over an exposure n[i], or with laney the
// u′ chart.
func Rates(count, n []float64, laney bool, opt Options) (Chart, error) {
	kind := U
	if laney {
		kind = UPrime
	}
	return ratios(kind, count, n, opt)
}

func ratios(kind Kind, count, n []float64, opt Options) (Chart, error) {
	if len(count) != len(n) {
		return Chart{}, fmt.Errorf("control chart: %d counts but %d denominators", len(count), len(n))
	}
	values := make([]float64, len(n))
	for i := range n {
		bad := math.IsNaN(count[i]) || !(n[i] >= 0) || math.IsInf(n[i], 0)
		share := kind == P || kind == PPrime
		if bad || (share && (count[i] > n[i] || count[i] < 0)) || (n[i] == 0 && count[i] != 0) {
			return Chart{}, fmt.Errorf("control chart: point %d has %v of %v", i, count[i], n[i])
		}
		values[i] = count[i] / n[i]
	}
	return build(kind, values, n, opt)
}

func build(kind Kind, values, n []float64, opt Options) (Chart, error) {
	c := Chart{Kind: kind, SigmaZ: 1, MeanRange: math.NaN(), RangeLimit: math.NaN(), Rules: opt.Rules}
	if c.Rules == nil {
		c.Rules = Standard()
	}
	if err := checkRules(c.Rules, kind); err != nil {
		return Chart{}, err
	}
	seen := c.lay(values, n)
	if opt.Moving > 0 {
		return c, c.judgeMoving(seen, opt)
	}
	c.markBaseline(seen, opt)
	for round := 0; ; round++ {
		if err := c.limits(seen); err != nil {
			return Chart{}, err
		}
		if round >= opt.TrimRounds || !c.trim(seen) {
			break
		}
	}
	c.judge(seen)
	return c, nil
}

// lay puts the series into points and returns the indices of those with a value.
func (c *Chart) lay(values, n []float64) (seen []int) {
	nan := math.NaN()
	c.Points = make([]Point, len(values))
	last := -1
	for i, v := range values {
		c.Points[i] = Point{Index: i, Value: v, N: nan, Centre: nan, Low: nan, High: nan, Z: nan, Range: nan}
		if n != nil {
			c.Points[i].N = n[i]
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			c.Points[i].Value = nan
			continue
		}
		if c.Kind == XmR && last >= 0 {
			c.Points[i].Range = math.Abs(v - values[last])
		}
		last = i
		seen = append(seen, i)
	}
	return seen
}

func (c *Chart) markBaseline(seen []int, opt Options) {
	size := opt.Baseline
	if size <= 0 {
		size = defaultBaseline
	}
	for _, i := range seen[:min(size, len(seen))] {
		c.Points[i].Baseline = true
	}
	for _, i := range opt.Exclude {
		if i >= 0 && i < len(c.Points) {
			c.Points[i].Baseline = false
		}
	}
}

// limits sets centre, spread and each point's limits from the baseline.
func (c *Chart) limits(seen []int) error {
	if err := c.fit(seen, false); err != nil {
		return err
	}
	for _, i := range seen {
		c.setLimits(&c.Points[i])
	}
	return nil
}

// fit sets centre and spread from those of the points seen that are in the baseline, or
// from all of them.
func (c *Chart) fit(seen []int, all bool) error {
	c.BaselineN = 0
	sum, weight := 0.0, 0.0
	for _, i := range seen {
		p := &c.Points[i]
		if !all && !p.Baseline {
			continue
		}
		c.BaselineN++
		w := 1.0
		if c.Kind != XmR {
			w = p.N
		}
		sum += p.Value * w
		weight += w
	}
	if c.BaselineN < fewestPoints {
		return errTooFew(c.BaselineN)
	}
	c.Centre, c.Short = sum/weight, c.BaselineN < steadyPoints
	switch c.Kind {
	case XmR:
		c.MeanRange = c.meanStep(seen, all)
		c.RangeLimit = rangeFactor * c.MeanRange
	case PPrime, UPrime:
		c.SigmaZ = 1
		c.SigmaZ = c.meanStep(seen, all) / d2
	}
	return nil
}

// meanStep is the mean absolute difference of neighbours that both are in the baseline (or
// of all): of values, or of distances from the centre in sigmas for a p or u chart.
func (c *Chart) meanStep(seen []int, all bool) float64 {
	sum, steps, before, follows := 0.0, 0.0, 0.0, false
	for _, i := range seen {
		p := &c.Points[i]
		if !all && !p.Baseline {
			follows = false
			continue
		}
		at := p.Value
		if c.Kind != XmR {
			at = (p.Value - c.Centre) / c.sigma(p)
		}
		if follows {
			sum += math.Abs(at - before)
			steps++
		}
		before, follows = at, true
	}
	if steps == 0 || math.IsNaN(sum) {
		return 0
	}
	return sum / steps
}

// sigma is one standard deviation of a point as the chart sees it.
func (c *Chart) sigma(p *Point) float64 {
	switch c.Kind {
	case XmR:
		return limitFactor * c.MeanRange / 3
	case P, PPrime:
		return c.SigmaZ * math.Sqrt(c.Centre*(1-c.Centre)/p.N)
	default:
		return c.SigmaZ * math.Sqrt(math.Max(c.Centre, 0)/p.N)
	}
}

func (c *Chart) setLimits(p *Point) {
	sigma := c.sigma(p)
	c.place(p, 3*sigma)
	off := p.Value - c.Centre
	switch {
	// A baseline that never moved has no spread: rounding is no signal, a move is.
	case math.Abs(off) <= 1e-12*math.Max(1, math.Abs(c.Centre)):
		p.Z = 0
	case sigma == 0:
		p.Z = math.Inf(int(math.Copysign(1, off)))
	default:
		p.Z = off / sigma
	}
}

// place sets the limits half above and below the centre, within what can be.
func (c *Chart) place(p *Point, half float64) {
	p.Centre, p.Low, p.High = c.Centre, c.Centre-half, c.Centre+half
	if c.Kind == P || c.Kind == PPrime {
		p.High = math.Min(p.High, 1)
	}
	if c.Kind != XmR {
		p.Low = math.Max(p.Low, 0)
	}
}

// trim leaves baseline points beyond the limits out, and tells whether it did and
// enough remain.
func (c *Chart) trim(seen []int) bool {
	var beyond []int
	for _, i := range seen {
		if c.Points[i].Baseline && math.Abs(c.Points[i].Z) > 3 {
			beyond = append(beyond, i)
		}
	}
	if len(beyond) == 0 || c.BaselineN-len(beyond) < fewestPoints {
		return false
	}
	for _, i := range beyond {
		c.Points[i].Baseline = false
	}
	return true
}

// judge applies the rules to the standardised series.
func (c *Chart) judge(seen []int) {
	z, steps := make([]float64, len(seen)), make([]float64, len(seen))
	for k, i := range seen {
		z[k] = c.Points[i].Z
		if r := c.Points[i].Range; !math.IsNaN(r) && c.RangeLimit > 0 {
			steps[k] = r / c.RangeLimit
		}
	}
	for k, i := range seen {
		for _, rule := range c.Rules {
			if fires(rule, z, steps, k) {
				c.Points[i].Rules = append(c.Points[i].Rules, rule)
			}
		}
	}
}
