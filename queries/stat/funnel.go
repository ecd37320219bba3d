package stat

import (
	"math"
	"sort"
)

// Funnel is what shares of many areas are compared with: the share that all have
// together, and how much more areas differ than chance alone would make them.
type Funnel struct {
	Target float64 // the pooled share
	Areas  int     // that went into it
	Phi    float64 // mean of the squared winsorised z-scores: 1 where areas differ by chance alone
	Tau2   float64 // variance between areas, 0 unless Overdispersed
	// Overdispersed says that Phi is larger than chance makes it, above 1 + 2·sqrt(2/Areas).
	Overdispersed bool
}

// winsorised is the part of the z-scores at each end that is drawn in before Phi is
// estimated, so that the areas one looks for do not widen the limits they are held to.
const winsorised = 0.1

// NewFunnel estimates a funnel for shares x[i]/n[i]; areas with n = 0 are left out.
// Its Target is NaN where nothing is left.
//
// D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
// Statistics in Medicine 24, 2005, and "Handling over-dispersion of performance
// indicators", Quality and Safety in Health Care 14, 2005: the additive model, with
// its variance by R. DerSimonian and N. Laird (1986).
func NewFunnel(x, n []float64) Funnel {
	var sumX, sumN, sumN2 float64
	f := Funnel{Phi: math.NaN()}
	for i := range n {
		if n[i] > 0 {
			f.Areas++
			sumX, sumN, sumN2 = sumX+x[i], sumN+n[i], sumN2+n[i]*n[i]
		}
	}
	f.Target = sumX / sumN
	chance := f.Target * (1 - f.Target) // variance of one answer
	if !(chance > 0) || f.Areas < 2 {
		return f
	}
	z := make([]float64, 0, f.Areas)
	for i := range n {
		if n[i] > 0 {
			z = append(z, (x[i]/n[i]-f.Target)/math.Sqrt(chance/n[i]))
		}
	}
	f.Phi = meanSquare(winsorise(z, winsorised))
	areas := float64(f.Areas)
	if f.Phi <= 1+2*math.Sqrt(2/areas) {
		return f
	}
	f.Overdispersed = true
	// Weights are n/chance, so their sums are sums of n over chance.
	f.Tau2 = math.Max(0, (areas*f.Phi-(areas-1))*chance/(sumN-sumN2/sumN))
	return f
}

// winsorise replaces the values beyond the q- and the (1-q)-quantile by these.
func winsorise(xs []float64, q float64) []float64 {
	sorted := append([]float64(nil), xs...)
	sort.Float64s(sorted)
	low, high := interpolated(sorted, q), interpolated(sorted, 1-q)
	for i, x := range sorted {
		sorted[i] = math.Min(math.Max(x, low), high)
	}
	return sorted
}

// interpolated is the q-quantile of sorted values, linear between the two nearest.
func interpolated(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func meanSquare(xs []float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += x * x
	}
	return sum / float64(len(xs))
}

// largestExact is the number of answers up to which limits are exact; above it the
// normal curve is as good.
const largestExact = 1000

// Limits returns the shares that an area with n answers stays within at a level such
// as 0.95 or 0.998, if it is like the others: a share below Low or above High has at
// most half of 1-conf as its probability. NaN for n < 1 or a funnel without areas.
//
// The limits are those of the beta-binomial distribution with the funnel's mean and
// variance, which is the binomial where areas differ by chance alone, drawn smoothly
// between whole numbers (Spiegelhalter 2005, appendix A.1.1; the upper limit is the
// lower one of the complement). Beyond 1,000 answers they are those of the normal.
func (f Funnel) Limits(n, conf float64) Interval {
	limits, _ := f.LimitsAt(n, conf, conf)
	return limits
}

// LimitsAt returns the limits at two levels, the wide one at least as large as the narrow
// one, for not much more work than those at one.
func (f Funnel) LimitsAt(n, narrow, wide float64) (atNarrow, atWide Interval) {
	if !(n >= 1 && narrow > 0 && narrow <= wide && wide < 1) || math.IsNaN(f.Target) {
		return noInterval(), noInterval()
	}
	chance := f.Target * (1 - f.Target)
	if chance == 0 {
		return Interval{f.Target, f.Target}, Interval{f.Target, f.Target}
	}
	if n > largestExact {
		deviation := math.Sqrt(chance/n + f.Tau2*(n-1)/n)
		normal := func(conf float64) Interval {
			half := zFor(conf) * deviation
			return Interval{math.Max(0, f.Target-half), math.Min(1, f.Target+half)}
		}
		return normal(narrow), normal(wide)
	}
	// Between areas the share cannot vary more than from 0 to 1.
	alike := math.Min(f.Tau2/chance, 0.99)
	tails := [2]float64{(1 - wide) / 2, (1 - narrow) / 2}
	low := lowerLimits(math.Round(n), f.Target, alike, tails)
	high := lowerLimits(math.Round(n), 1-f.Target, alike, tails)
	return Interval{low[1], 1 - high[1]}, Interval{low[0], 1 - high[0]}
}

// lowerLimits are the shares below which a beta-binomial count of n falls with
// probability at most the tails, the smaller first: mean is its mean share, alike its
// intra-class correlation.
func lowerLimits(n, mean, alike float64, tails [2]float64) (limits [2]float64) {
	// log p(0), then each p(k) from the one before.
	var logP float64
	a, b := math.Inf(1), math.Inf(1)
	if alike > 0 {
		a, b = mean*(1/alike-1), (1-mean)*(1/alike-1)
		logP = logBeta(a, b+n) - logBeta(a, b)
	} else {
		logP = n * math.Log1p(-mean)
	}
	below, found := 0.0, 0
	for k := 0.0; k <= n; k++ {
		p := math.Exp(logP)
		for below+p >= tails[found] {
			share := k
			if p > 0 {
				share = k - (below+p-tails[found])/p
			}
			limits[found] = math.Max(0, share/n)
			if found++; found == len(tails) {
				return limits
			}
		}
		below += p
		odds := mean / (1 - mean)
		if alike > 0 {
			odds = (a + k) / (b + n - k - 1)
		}
		logP += math.Log((n-k)/(k+1)) + math.Log(odds)
	}
	for ; found < len(tails); found++ {
		limits[found] = 1
	}
	return limits
}

func logBeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}
