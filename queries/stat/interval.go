package stat

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// Interval is a two-sided interval in the unit of the estimate it belongs to.
// NaN on both sides means that the data give none; +Inf above means that the data
// give no upper bound.
type Interval struct {
	Low, High float64
}

// Has reports whether x lies inside the interval, its ends included.
func (i Interval) Has(x float64) bool { return i.Low <= x && x <= i.High }

// Estimate is a value with its interval.
type Estimate struct {
	Value float64
	Interval
}

func noInterval() Interval { return Interval{math.NaN(), math.NaN()} }

// Wilson returns the share x/n with Wilson's score interval (E. B. Wilson,
// "Probable inference, the law of succession, and statistical inference", JASA 22,
// 1927). Unlike the textbook interval it never leaves [0, 1] and stays honest for
// small n and for shares of 0 and 1. x and n may be weighted counts; n <= 0 or
// x outside [0, n] gives NaN.
func Wilson(x, n, conf float64) Estimate {
	z := zFor(conf)
	if !(n > 0 && x >= 0 && x <= n) || math.IsNaN(z) {
		return Estimate{math.NaN(), noInterval()}
	}
	p := x / n
	z2 := z * z
	mid := (p + z2/(2*n)) / (1 + z2/n)
	half := z / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	i := Interval{math.Max(0, mid-half), math.Min(1, mid+half)}
	// The formula meets 0 and 1 exactly there; rounding must not hide it.
	if x == 0 {
		i.Low = 0
	}
	if x == n {
		i.High = 1
	}
	return Estimate{p, i}
}

// PoissonRate returns the rate count/exposure with the exact interval of F. Garwood,
// "Fiducial limits for the Poisson distribution", Biometrika 28, 1936: half the
// chi-squared quantiles on 2x and 2x+2 degrees of freedom, over the exposure.
// exposure is in the rate's denominator, such as thousands of residents; exposure
// <= 0 or count < 0 gives NaN.
func PoissonRate(count, exposure, conf float64) Estimate {
	if !(count >= 0 && exposure > 0 && conf > 0 && conf < 1) {
		return Estimate{math.NaN(), noInterval()}
	}
	tail := (1 - conf) / 2
	low := 0.0
	if count > 0 {
		low = mathext.GammaIncRegInv(count, tail)
	}
	high := mathext.GammaIncRegCompInv(count+1, tail)
	return Estimate{count / exposure, Interval{low / exposure, high / exposure}}
}

// QuantileRanks returns the 1-based ranks of the sorted observations that bound the
// q-quantile of the distribution they come from, whatever its shape: each tail of
// the binomial (n, q) beyond the ranks holds at most (1-conf)/2 (W. J. Conover,
// "Practical Nonparametric Statistics", 3rd ed., section 3.2). ok is false where n
// is too small for the level, as below 6 observations for a median at 95 %.
func QuantileRanks(n int, q, conf float64) (low, high int, ok bool) {
	if n < 1 || !(q > 0 && q < 1 && conf > 0 && conf < 1) {
		return 0, 0, false
	}
	tail := (1 - conf) / 2
	// Largest rank l with P(X <= l-1) <= tail, smallest u with P(X >= u) <= tail.
	low = sort.Search(n, func(k int) bool { return BinomialCDF(k, n, q) > tail })
	high = 1 + sort.Search(n, func(k int) bool { return 1-BinomialCDF(k, n, q) <= tail })
	return low, high, low >= 1 && high <= n
}

// Median returns the middle of xs with its binomial-rank interval; it sorts a copy.
// NaN in xs is missing and left out. Too few values for the level leave the value
// and give no interval.
func Median(xs []float64, conf float64) Estimate {
	s := make([]float64, 0, len(xs))
	for _, x := range xs {
		if !math.IsNaN(x) {
			s = append(s, x)
		}
	}
	if len(s) == 0 {
		return Estimate{math.NaN(), noInterval()}
	}
	sort.Float64s(s)
	e := Estimate{(s[(len(s)-1)/2] + s[len(s)/2]) / 2, noInterval()}
	if low, high, ok := QuantileRanks(len(s), 0.5, conf); ok {
		e.Interval = Interval{s[low-1], s[high-1]}
	}
	return e
}
