package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// NormalQuantile returns the p-quantile of the standard normal distribution:
// -Inf at 0, +Inf at 1, NaN outside [0, 1].
func NormalQuantile(p float64) float64 {
	if math.IsNaN(p) || p < 0 || p > 1 {
		return math.NaN()
	}
	return distuv.UnitNormal.Quantile(p)
}

// NormalCDF returns the share of the standard normal distribution below z.
func NormalCDF(z float64) float64 { return distuv.UnitNormal.CDF(z) }

// TQuantile returns the p-quantile of Student's t with df degrees of freedom
// (df > 0, fractions allowed; +Inf gives the normal quantile). NaN where p is
// outside [0, 1] or df is not positive.
func TQuantile(p, df float64) float64 {
	if math.IsInf(df, 1) {
		return NormalQuantile(p)
	}
	if math.IsNaN(p) || p < 0 || p > 1 || math.IsNaN(df) || df <= 0 {
		return math.NaN()
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// TwoSidedT returns the two-sided p-value of a t statistic with df degrees of
// freedom; df = +Inf uses the normal distribution.
func TwoSidedT(t, df float64) float64 {
	if math.IsNaN(t) || math.IsNaN(df) || df <= 0 {
		return math.NaN()
	}
	if math.IsInf(df, 1) {
		return 2 * NormalCDF(-math.Abs(t))
	}
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
}

// ChiSquaredTail returns P(X >= x) for a chi-squared X with df degrees of freedom.
func ChiSquaredTail(x, df float64) float64 {
	if math.IsNaN(x) || math.IsNaN(df) || df <= 0 {
		return math.NaN()
	}
	return distuv.ChiSquared{K: df}.Survival(math.Max(x, 0))
}

// FTail returns P(X >= x) for an F-distributed X with d1 and d2 degrees of
// freedom; d2 = +Inf is the limit, a chi-squared over d1.
func FTail(x, d1, d2 float64) float64 {
	if math.IsInf(d2, 1) {
		return ChiSquaredTail(x*d1, d1)
	}
	if math.IsNaN(x) || math.IsNaN(d1) || math.IsNaN(d2) || d1 <= 0 || d2 <= 0 {
		return math.NaN()
	}
	if x <= 0 {
		return 1
	}
	return mathext.RegIncBeta(d2/2, d1/2, d2/(d2+d1*x))
}

// BinomialCDF returns P(X <= k) for X of n trials with chance p each.
func BinomialCDF(k, n int, p float64) float64 {
	switch {
	case n < 0 || math.IsNaN(p) || p < 0 || p > 1:
		return math.NaN()
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// zFor turns a two-sided confidence level into its normal half-width.
func zFor(conf float64) float64 {
	if !(conf > 0 && conf < 1) {
		return math.NaN()
	}
	return NormalQuantile(1 - (1-conf)/2)
}
