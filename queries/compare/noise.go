package compare

import (
	"math"
	"strings"

	"github.com/jiceng/jiceng/queries/stat"
)

// Test names how a difference was told from noise.
type Test string

// The tests.
const (
	// Mover recovers the variance of a difference from the two intervals (G. Y. Zou and A. Donner, "Construction of
	// confidence limits about effect measures", Statistics in Medicine 27, 2008). For shares with Wilson intervals it
	// is method 10 of R. G. Newcombe, "Interval estimation for the difference between independent proportions",
	// Statistics in Medicine 17, 1998.
	Mover Test = "mover"
	// MovingRange is for full counts, which have no sampling error but vary from period to period all the same: a
	// difference is clear where it is larger than 3.268 times the mean of the earlier moving ranges, the control limit
	// D4 of ranges of two (W. A. Shewhart; NIST/SEMATECH e-Handbook, section 6.3.2.2).
	MovingRange Test = "moving_range"
	// NoTest: there is neither an interval nor enough history.
	NoTest Test = "none"
)

const (
	rangeLimit  = 3.268
	leastRanges = 6  // earlier differences that a mean moving range needs
	mostRanges  = 24 // older ones say little about today
)

// judge tells the difference from noise; factor is what Then is multiplied with.
func (c *Comparison) judge(s subject, factor float64) {
	if !math.IsNaN(c.Now.Low) && !math.IsNaN(c.Now.High) && !math.IsNaN(c.Then.Low) && !math.IsNaN(c.Then.High) {
		c.Test = Mover
		c.Low, c.High = mover(c.Now.Value, c.Now.Low, c.Now.High, c.Expected, c.Then.Low*factor, c.Then.High*factor)
		c.Clear = c.Low > 0 || c.High < 0
		return
	}
	c.Test = NoTest
	if s.interval != "" && s.interval != "none" {
		return // a sample whose interval has no end cannot be judged
	}
	if usual, ok := s.usualRange(); ok {
		c.Test = MovingRange
		c.Low, c.High = -rangeLimit*usual, rangeLimit*usual
		c.Clear = math.Abs(c.Difference) > c.High && c.Difference != 0
	}
}

// mover is the interval of a − b, from the intervals of a and of b.
func mover(a, aLow, aHigh, b, bLow, bHigh float64) (low, high float64) {
	return a - b - math.Hypot(a-aLow, bHigh-b), a - b + math.Hypot(aHigh-a, b-bLow)
}

// dated is a period's name and its working days.
type dated struct {
	name string
	days float64
}

// before are the periods before p that the moving ranges of all its indicators are taken from, the latest first.
func before(p period, days WorkDays) []dated {
	all := make([]dated, mostRanges+1)
	for i := range all {
		p = p.before()
		all[i] = dated{p.name(), days.in(p)}
	}
	return all
}

// usualRange is the mean difference between neighbouring earlier periods, each
// pair at the working days of the later one.
func (s subject) usualRange() (float64, bool) {
	sum, n := 0.0, 0
	for n < mostRanges {
		later, earlier := s.earlier[n], s.earlier[n+1]
		a, ok1 := s.history.at(later.name)
		b, ok2 := s.history.at(earlier.name)
		if !ok1 || !ok2 || math.IsNaN(a.Value) || math.IsNaN(b.Value) {
			break
		}
		if strings.Contains(b.Flag, "partial") {
			break // the data began in the middle of it
		}
		factor := 1.0
		if s.flow && earlier.days > 0 && later.days > 0 {
			factor = later.days / earlier.days
		}
		sum += math.Abs(a.Value - b.Value*factor)
		n++
	}
	if n < leastRanges {
		return 0, false
	}
	return sum / float64(n), true
}

// interval is that of months added up.
func interval(kind string, numerator, denominator, scale float64) (low, high float64) {
	switch kind {
	case "wilson":
		e := stat.Wilson(numerator, denominator, 0.95)
		return e.Low, e.High
	case "poisson":
		e := stat.PoissonRate(numerator, denominator, 0.95)
		return scale * e.Low, scale * e.High
	}
	return math.NaN(), math.NaN()
}

func joinFlags(a, b string) string {
	flags := strings.Split(a, ",")
	for _, f := range strings.Split(b, ",") {
		if !strings.Contains(","+a+",", ","+f+",") {
			flags = append(flags, f)
		}
	}
	return strings.Trim(strings.Join(flags, ","), ",")
}
