// Package weigh gives the weights of indicators: equal, from experts' pairwise
// comparisons (AHP), or from the data (entropy, CRITIC, PCA).
//
// Data are columns of one value for each unit, normalised so that higher is
// better. Missing is NaN: a unit counts only in the columns it has a value in.
// Weights are not negative and sum to 1. A column that cannot tell units apart
// (constant, or fewer than two values) has weight 0 under the methods that
// weigh by what the data tell; when no column can, ErrNoInformation is returned.
package weigh

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// What data may lack for a method.
var (
	// ErrNoInformation says that no column differs between units, so that the data give no weights.
	ErrNoInformation = errors.New("no indicator differs between the units")
	// ErrNegative says that the entropy method met a negative value, which is no share of anything.
	ErrNegative = errors.New("entropy weights need values that are not negative")
)

// Equal gives n equal weights.
func Equal(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	return w
}

// Entropy weighs a column by how unevenly its total is spread over the units:
// with p the shares of the m units, e = −Σ p ln p / ln m and the weight is
// (1 − e) / Σ(1 − e). A zero is a share of nothing and adds 0 (p ln p → 0); a
// negative value is refused. Source: C. E. Shannon (1948); as a weighting
// method M. Zeleny, Multiple Criteria Decision Making, 1982.
func Entropy(columns [][]float64) ([]float64, error) {
	divergence := make([]float64, len(columns))
	for j, column := range columns {
		values := known(column)
		var total float64
		for _, x := range values {
			if x < 0 {
				return nil, fmt.Errorf("%w: column %d holds %v", ErrNegative, j+1, x)
			}
			total += x
		}
		if len(values) < 2 || total == 0 || constant(values) {
			continue
		}
		var e float64
		for _, x := range values {
			if p := x / total; p > 0 {
				e -= p * math.Log(p)
			}
		}
		divergence[j] = max(0, 1-e/math.Log(float64(len(values))))
	}
	return share(divergence)
}

// CRITIC weighs a column by its standard deviation times its conflict with the
// others, Σ(1 − r). It looks at min–max normalised columns, which it makes
// itself. A constant column has no correlation and does not conflict with any.
// Source: D. Diakoulaki, G. Mavrotas, L. Papayannakis, Computers & Operations
// Research 22 (1995) 763–770.
func CRITIC(columns [][]float64) ([]float64, error) {
	scaled := make([][]float64, len(columns))
	for j, column := range columns {
		scaled[j] = unit(column)
	}
	r := Correlations(scaled)
	content := make([]float64, len(columns))
	for j, column := range scaled {
		values := known(column)
		if len(values) < 2 || constant(values) {
			continue
		}
		var conflict float64
		for k := range scaled {
			if k != j && !math.IsNaN(r.At(j, k)) {
				conflict += 1 - r.At(j, k)
			}
		}
		content[j] = stat.StdDev(values, nil) * conflict
	}
	if len(columns) == 1 && content[0] == 0 && !constant(known(columns[0])) {
		return []float64{1}, nil
	}
	return share(content)
}

// PCA weighs a column by its squared loadings on the principal components of
// the correlation matrix whose eigenvalue is at least 1, each component
// counting by the variance it explains. Loadings are unit eigenvectors, not
// rotated. Source: the OECD/JRC Handbook on Constructing Composite Indicators
// (2008), section 6.1, without the rotation.
func PCA(columns [][]float64) ([]float64, error) {
	values, vectors, use, err := Components(columns)
	if err != nil {
		return nil, err
	}
	w := make([]float64, len(columns))
	for k, value := range values {
		if value < 1-1e-9 {
			continue
		}
		for i, j := range use {
			w[j] += value * vectors.At(i, k) * vectors.At(i, k)
		}
	}
	return share(w)
}

// Components gives the eigenvalues (largest first) and unit eigenvectors of the
// correlation matrix of the columns that vary; use holds their positions.
func Components(columns [][]float64) (values []float64, vectors *mat.Dense, use []int, err error) {
	var varying [][]float64
	for j, column := range columns {
		if v := known(column); len(v) > 1 && !constant(v) {
			varying = append(varying, column)
			use = append(use, j)
		}
	}
	if len(varying) == 0 {
		return nil, nil, nil, ErrNoInformation
	}
	r := Correlations(varying)
	n := len(varying)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			if math.IsNaN(r.At(i, j)) {
				r.SetSym(i, j, 0) // no unit has both: nothing is known of their relation
			}
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(r, true) {
		return nil, nil, nil, errors.New("the correlation matrix has no eigenvalues")
	}
	var ascending mat.Dense
	eigen.VectorsTo(&ascending)
	up := eigen.Values(nil)
	vectors = mat.NewDense(n, n, nil)
	for k := range up {
		values = append(values, up[n-1-k])
		for i := 0; i < n; i++ {
			vectors.Set(i, k, ascending.At(i, n-1-k))
		}
	}
	return values, vectors, use, nil
}

// Correlations gives Pearson's correlations over the units that have both
// values; NaN where fewer than three do or one of them is constant there.
func Correlations(columns [][]float64) *mat.SymDense {
	n := len(columns)
	r := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			r.SetSym(i, j, Correlation(columns[i], columns[j]))
		}
	}
	return r
}

// Correlation is Pearson's over the units that have both values.
func Correlation(a, b []float64) float64 {
	var n, sa, sb float64
	b = b[:len(a)]
	for i, x := range a {
		if y := b[i]; x == x && y == y { // neither is NaN
			n++
			sa += x
			sb += y
		}
	}
	if n < 3 {
		return math.NaN()
	}
	ma, mb := sa/n, sb/n
	var aa, bb, ab float64
	for i, x := range a {
		if y := b[i]; x == x && y == y {
			da, db := x-ma, y-mb
			aa += da * da
			bb += db * db
			ab += da * db
		}
	}
	// A column that only rounding makes vary is constant.
	if aa <= 1e-24*n*(ma*ma+1e-300) || bb <= 1e-24*n*(mb*mb+1e-300) {
		return math.NaN()
	}
	return max(-1, min(1, ab/math.Sqrt(aa*bb)))
}

func known(column []float64) []float64 {
	values := make([]float64, 0, len(column))
	for _, x := range column {
		if !math.IsNaN(x) {
			values = append(values, x)
		}
	}
	return values
}

func constant(values []float64) bool {
	if len(values) == 0 {
		return true
	}
	low, high := values[0], values[0]
	for _, x := range values {
		low, high = min(low, x), max(high, x)
	}
	return high-low <= 1e-12*max(math.Abs(low), math.Abs(high))
}

// unit maps the least value to 0 and the largest to 1; a constant column to 0.
func unit(column []float64) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range column {
		if !math.IsNaN(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	out := make([]float64, len(column))
	for i, x := range column {
		switch {
		case math.IsNaN(x):
			out[i] = x
		case high > low:
			out[i] = (x - low) / (high - low)
		}
	}
	return out
}

func share(parts []float64) ([]float64, error) {
	var total float64
	for _, p := range parts {
		total += p
	}
	if total <= 0 {
		return nil, ErrNoInformation
	}
	w := make([]float64, len(parts))
	for i, p := range parts {
		w[i] = p / total
	}
	return w, nil
}
