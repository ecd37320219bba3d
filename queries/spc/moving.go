package spc

import (
	"fmt"
	"math"

	"github.com/jiceng/jiceng/queries/stat"
)

// judgeMoving judges each point by limits that were known before it: those of the last
// opt.Moving points with a value before it that lay within their own limits. Points
// before there are opt.Learn of them are not judged.
func (c *Chart) judgeMoving(seen []int, opt Options) error {
	learn := opt.Learn
	if learn <= 0 {
		learn = steadyPoints
	}
	learn = max(learn, fewestPoints)
	if len(seen) <= learn {
		return errTooFew(len(seen))
	}
	excluded := make([]bool, len(c.Points))
	for _, i := range opt.Exclude {
		if i >= 0 && i < len(excluded) {
			excluded[i] = true
		}
	}
	judged, within := make([]int, 0, len(seen)), make([]int, 0, opt.Moving)
	for k, i := range seen {
		p := &c.Points[i]
		window := c.window(seen[max(0, k-opt.Moving):k], excluded, within)
		if len(window) < learn {
			continue
		}
		if err := c.judgeBy(p, window); err != nil {
			return err
		}
		judged = append(judged, i)
	}
	if len(judged) == 0 {
		return errTooFew(len(seen))
	}
	last := c.Points[judged[len(judged)-1]]
	c.Centre, c.Short = last.Centre, c.BaselineN < steadyPoints
	c.judge(judged)
	return nil
}

// window gives the points that set the limits: of the recent ones those that were within
// their own, or, where more than half of them were not, all: a level that has lasted is the
// new level. It writes into room.
func (c *Chart) window(recent []int, excluded []bool, room []int) []int {
	within := room[:0]
	for _, i := range recent {
		if !excluded[i] && !(math.Abs(c.Points[i].Z) > 3) {
			within = append(within, i)
		}
	}
	if 2*len(within) < len(recent) {
		return recent
	}
	return within
}

// judgeBy sets a point's limits from a window.
func (c *Chart) judgeBy(p *Point, window []int) error {
	w := Chart{Kind: c.Kind, SigmaZ: 1, Points: c.Points}
	if err := w.fit(window, true); err != nil {
		return err
	}
	w.setLimits(p)
	w.widen(p, window)
	c.SigmaZ, c.MeanRange, c.RangeLimit, c.BaselineN = w.SigmaZ, w.MeanRange, w.RangeLimit, w.BaselineN
	if c.Kind != XmR {
		c.MeanRange, c.RangeLimit = math.NaN(), math.NaN()
	}
	return nil
}

// widen makes up for limits that few points gave. The point lies sigma*sqrt(1 + its weight
// over the window's) around the window's centre, and a sigma from n moving ranges is as
// uncertain as one of movingDF degrees of freedom, so that limits are Student's instead of
// the normal distribution's. Z becomes the normal deviate of the same probability.
func (c *Chart) widen(p *Point, window []int) {
	total, n := 0.0, float64(len(window))
	for _, i := range window {
		total += c.Points[i].N
	}
	weight := 1 / n
	if c.Kind != XmR {
		weight = p.N / total
	}
	df := math.Inf(1)
	if c.Kind == XmR || c.Kind == PPrime || c.Kind == UPrime {
		df = movingDF(n)
	}
	grow := math.Sqrt(1 + weight)
	half := grow * threeSigma(df) * c.sigma(p)
	c.place(p, half)
	if tail := stat.TwoSidedT(p.Z/grow, df) / 2; p.Z != 0 {
		p.Z = math.Copysign(math.Min(-stat.NormalQuantile(tail), maxZ), p.Z)
	}
}

// maxZ is where the normal distribution's tail falls below what a number can hold.
const maxZ = 38

// movingDF is the degrees of freedom of the mean moving range of n normal points over d2,
// from its variance (0.8264 n - 1.082) / (n-1)^2 (J. D. Cryer and T. P. Ryan, "The
// estimation of sigma for an X chart", Journal of Quality Technology 22, 1990).
func movingDF(n float64) float64 { return (n - 1) * (n - 1) / (2 * (0.8264*n - 1.082)) }

// threeSigma is Student's quantile where the normal one is 3, by the expansion of M.
// Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.5; for 5 degrees of
// freedom and more it is off by less than 2 %.
func threeSigma(df float64) float64 {
	return 3 + 30/(4*df) + 1656/(96*df*df) + 11592/(384*df*df*df)
}

func errTooFew(n int) error { return fmt.Errorf("control chart from %d points: %w", n, ErrTooShort) }
