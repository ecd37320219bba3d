package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Prior is what all areas together say about one of them before it is looked at:
// the mean, and the variance between areas that chance alone does not explain.
type Prior struct {
	Mean     float64
	Variance float64 // 0 where the areas differ no more than by chance
	Areas    int     // areas with a denominator
	Alpha    float64 // Beta(Alpha, Beta) or Gamma(shape Alpha, rate Beta); +Inf where Variance is 0
	Beta     float64
}

// Shrunk is one area's value drawn towards the mean of all areas, as far as its own
// data are thin.
type Shrunk struct {
	Raw      float64 // count over denominator, NaN without one
	Weight   float64 // share of Raw in Value, 0 to 1; the rest is the prior's mean
	Estimate         // posterior mean with its equal-tailed credible interval
}

// ShrinkShares draws the shares x[i]/n[i] towards their common mean by the
// beta-binomial model (empirical Bayes). The between-area variance is fitted by
// moments with weights n (J. C. Kleinman, "Proportions with extraneous variance:
// single and independent samples", JASA 68, 1973), which SQL can do in one pass:
//
//	S   = sum n (x/n - m)^2,  N = sum n,  k = areas
//	rho = (S / (m (1-m)) - (k-1)) / (N - sum n^2 / N - (k-1))
//
// cut off at 0; then Alpha + Beta = 1/rho - 1. An area with n = 0 gets the prior.
// Errors where lengths differ, a count is out of its range, or no area has data.
func ShrinkShares(x, n []float64, conf float64) (Prior, []Shrunk, error) {
	m, err := checkCounts("shares", x, n, true, conf)
	if err != nil {
		return Prior{}, nil, err
	}
	prior := Prior{Mean: m.mean, Areas: m.areas, Alpha: math.Inf(1), Beta: math.Inf(1)}
	k := float64(m.areas)
	binomial := m.mean * (1 - m.mean)
	if spread := m.total - m.squares/m.total - (k - 1); spread > 0 && binomial > 0 {
		rho := (m.between/binomial - (k - 1)) / spread
		// Moments can overshoot on a few tiny areas; a beta needs rho below 1.
		if rho = math.Min(rho, 1-1e-9); rho > 0 {
			prior.Variance = rho * binomial
			prior.Alpha = m.mean * (1/rho - 1)
			prior.Beta = (1 - m.mean) * (1/rho - 1)
		}
	}
	pooled := Wilson(m.events, m.total, conf)
	tail := (1 - conf) / 2
	return prior, shrinkEach(x, n, prior, pooled, func(x, n float64) (float64, Estimate) {
		a, b := prior.Alpha+x, prior.Beta+n-x
		return n / (n + prior.Alpha + prior.Beta), Estimate{a / (a + b), Interval{
			mathext.InvRegIncBeta(a, b, tail), mathext.InvRegIncBeta(a, b, 1-tail)}}
	}), nil
}

// ShrinkRates draws the rates count[i]/exposure[i] towards their common mean by the
// gamma-Poisson model (D. Clayton and J. Kaldor, "Empirical Bayes estimates of
// age-standardized relative risks for use in disease mapping", Biometrics 43, 1987).
// The between-area variance A is fitted by moments, in the manner of R. J. Marshall,
// "Mapping disease and mortality rates using empirical Bayes estimators", Applied
// Statistics 40, 1991, made unbiased for few areas of unequal size:
//
//	S = sum e (r - m)^2,  E = sum e,  k = areas
//	A = (S - m (k-1)) / (E - sum e^2 / E)
//
// cut off at 0; then the prior is a gamma of shape m^2/A and rate m/A.
func ShrinkRates(count, exposure []float64, conf float64) (Prior, []Shrunk, error) {
	m, err := checkCounts("rates", count, exposure, false, conf)
	if err != nil {
		return Prior{}, nil, err
	}
	prior := Prior{Mean: m.mean, Areas: m.areas, Alpha: math.Inf(1), Beta: math.Inf(1)}
	if spread := m.total - m.squares/m.total; spread > 0 && m.mean > 0 {
		if a := (m.between - m.mean*float64(m.areas-1)) / spread; a > 0 {
			prior.Variance, prior.Alpha, prior.Beta = a, m.mean*m.mean/a, m.mean/a
		}
	}
	pooled := PoissonRate(m.events, m.total, conf)
	tail := (1 - conf) / 2
	return prior, shrinkEach(count, exposure, prior, pooled, func(x, e float64) (float64, Estimate) {
		shape, rate := prior.Alpha+x, prior.Beta+e
		return e / rate, Estimate{shape / rate, Interval{
			mathext.GammaIncRegInv(shape, tail) / rate, mathext.GammaIncRegCompInv(shape, tail) / rate}}
	}), nil
}

// moments are the sums that both models are fitted from.
type moments struct {
	events, total, squares float64
	mean, between          float64
	areas                  int
}

func checkCounts(what string, x, n []float64, share bool, conf float64) (moments, error) {
	var m moments
	if len(x) != len(n) {
		return m, fmt.Errorf("shrink %s: %d counts but %d denominators", what, len(x), len(n))
	}
	if !(conf > 0 && conf < 1) {
		return m, fmt.Errorf("shrink %s: confidence level %v is not between 0 and 1", what, conf)
	}
	for i := range x {
		if !(x[i] >= 0 && n[i] >= 0) || (share && x[i] > n[i]) || (n[i] == 0 && x[i] > 0) {
			return m, fmt.Errorf("shrink %s: area %d has count %v of %v", what, i, x[i], n[i])
		}
		if n[i] > 0 {
			m.areas++
		}
		m.events += x[i]
		m.total += n[i]
		m.squares += n[i] * n[i]
	}
	if m.areas == 0 {
		return m, fmt.Errorf("shrink %s: no area has a denominator", what)
	}
	m.mean = m.events / m.total
	for i := range x {
		if n[i] > 0 {
			d := x[i]/n[i] - m.mean
			m.between += n[i] * d * d
		}
	}
	return m, nil
}

// shrinkEach applies one model to every area. Where areas do not differ beyond
// chance, each gets the pooled value and its interval.
func shrinkEach(x, n []float64, prior Prior, pooled Estimate, posterior func(x, n float64) (float64, Estimate)) []Shrunk {
	out := make([]Shrunk, len(x))
	for i := range x {
		out[i] = Shrunk{Raw: x[i] / n[i], Estimate: pooled}
		if prior.Variance > 0 {
			out[i].Weight, out[i].Estimate = posterior(x[i], n[i])
		}
	}
	return out
}
