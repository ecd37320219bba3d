package weigh

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// ConsistencyLimit is the largest consistency ratio that AHP accepts (Saaty's rule).
const ConsistencyLimit = 0.1

// randomIndex is Saaty's mean consistency index of random matrices of order n.
var randomIndex = [...]float64{0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59}

// AHPResult is what a pairwise comparison matrix says.
type AHPResult struct {
	Weights   []float64 // the principal eigenvector, summing to 1
	LambdaMax float64   // the principal eigenvalue; n when the comparisons agree perfectly
	CI        float64   // consistency index (λmax − n) / (n − 1)
	CR        float64   // consistency ratio CI / RI(n)
	Worst     []Comparison
}

// Comparison is one judgement and what the other judgements together imply for it.
type Comparison struct {
	A, B   int     // positions: A was compared with B
	Given  float64 // A is Given times as important as B
	Fitted float64 // the ratio of the weights
}

// Off is by which factor the judgement differs from the fitted ratio, at least 1.
func (c Comparison) Off() float64 { return max(c.Given/c.Fitted, c.Fitted/c.Given) }

// InconsistentError says that comparisons contradict each other too much, and which ones most.
type InconsistentError struct {
	CR    float64
	Names []string
	Worst []Comparison
}

func (e *InconsistentError) Error() string {
	parts := make([]string, len(e.Worst))
	for i, c := range e.Worst {
		parts[i] = fmt.Sprintf("%s to %s is given as %.3g, the other comparisons imply %.3g", e.Names[c.A], e.Names[c.B], c.Given, c.Fitted)
	}
	return fmt.Sprintf("the comparisons contradict each other: consistency ratio %.3f, at most %.1f is accepted; look again at: %s",
		e.CR, ConsistencyLimit, strings.Join(parts, "; "))
}

// AHP gives the weights of a reciprocal matrix of pairwise comparisons, names
// saying what is compared. A matrix whose consistency ratio is above
// ConsistencyLimit is refused with an InconsistentError that names the
// comparisons furthest from what the others imply; the result is given with it.
// Source: T. L. Saaty, The Analytic Hierarchy Process, 1980.
func AHP(matrix [][]float64, names []string) (AHPResult, error) {
	n := len(matrix)
	if n == 0 || len(names) != n {
		return AHPResult{}, fmt.Errorf("pairwise comparisons of %d things need a square matrix, got %d rows", len(names), n)
	}
	if n >= len(randomIndex) {
		return AHPResult{}, fmt.Errorf("pairwise comparisons of %d things: at most %d can be judged together", n, len(randomIndex)-1)
	}
	if err := reciprocal(matrix, names); err != nil {
		return AHPResult{}, err
	}
	r := AHPResult{Weights: Equal(n)}
	r.LambdaMax = power(matrix, r.Weights)
	if n > 2 {
		r.CI = max(0, (r.LambdaMax-float64(n))/float64(n-1))
		r.CR = r.CI / randomIndex[n]
	}
	for a := 0; a < n; a++ {
		for b := a + 1; b < n; b++ {
			r.Worst = append(r.Worst, Comparison{a, b, matrix[a][b], r.Weights[a] / r.Weights[b]})
		}
	}
	sort.SliceStable(r.Worst, func(i, j int) bool { return r.Worst[i].Off() > r.Worst[j].Off() })
	r.Worst = r.Worst[:min(3, len(r.Worst))]
	if r.CR > ConsistencyLimit {
		return r, &InconsistentError{CR: r.CR, Names: names, Worst: r.Worst}
	}
	return r, nil
}

func reciprocal(matrix [][]float64, names []string) error {
	for a, row := range matrix {
		if len(row) != len(matrix) {
			return fmt.Errorf("pairwise comparisons: the row of %s has %d values, not %d", names[a], len(row), len(matrix))
		}
	}
	for a, row := range matrix {
		for b, x := range row {
			if !(x > 0) || math.IsInf(x, 0) {
				return fmt.Errorf("pairwise comparisons: %s to %s is %v, not a positive number", names[a], names[b], x)
			}
			// Ratios like 0.33 for 1/3 are rounded by hand.
			if p := x * matrix[b][a]; math.Abs(p-1) > 0.02 {
				return fmt.Errorf("pairwise comparisons: %s to %s is %v, but %s to %s is %v, not its reciprocal", names[a], names[b], x, names[b], names[a], matrix[b][a])
			}
		}
	}
	return nil
}

// power finds the principal eigenvector in place (a positive matrix has one, by Perron) and returns its eigenvalue.
func power(matrix [][]float64, w []float64) float64 {
	next := make([]float64, len(w))
	var lambda float64
	for range 10000 {
		lambda = 0
		for i, row := range matrix {
			next[i] = 0
			for j, x := range row {
				next[i] += x * w[j]
			}
			lambda += next[i]
		}
		var moved float64
		for i := range w {
			next[i] /= lambda
			moved += math.Abs(next[i] - w[i])
		}
		copy(w, next)
		if moved < 1e-14 {
			break
		}
	}
	return lambda
}
