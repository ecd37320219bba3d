// Package aggregate joins several scores of a unit into one.
//
// Missing is NaN and is left out, the remaining weights being scaled up; how
// much may be missing is the caller's rule. Weights are not negative.
package aggregate

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// Method is a way to join scores.
type Method string

// The methods.
const (
	Arithmetic Method = "arithmetic" // Σwx: a weak part is fully made up for by a strong one
	Geometric  Method = "geometric"  // Πx^w: less so; all must be above 0
	Harmonic   Method = "harmonic"   // 1/Σ(w/x): least; all must be above 0
	Median     Method = "median"     // weighted median
	TOPSIS     Method = "topsis"     // nearness to the best among the units (see Closeness)
)

// ErrNotPositive says that a geometric or harmonic mean met a zero or negative value.
var ErrNotPositive = errors.New("geometric and harmonic means need values above 0")

// Mean joins values by one of the means; TOPSIS compares units and is not a mean.
// NaN when no value with a weight is there.
func Mean(method Method, values, weights []float64) (float64, error) {
	var total float64
	for i, x := range values {
		if !math.IsNaN(x) {
			total += weights[i]
			if x <= 0 && weights[i] > 0 && (method == Geometric || method == Harmonic) {
				return math.NaN(), fmt.Errorf("%w: value %d is %v", ErrNotPositive, i+1, x)
			}
		}
	}
	if total <= 0 {
		return math.NaN(), nil
	}
	switch method {
	case Arithmetic, Geometric, Harmonic:
		f, back := Transform(method)
		var sum float64
		for i, x := range values {
			if !math.IsNaN(x) && weights[i] > 0 {
				sum += weights[i] / total * f(x)
			}
		}
		return back(sum), nil
	case Median:
		return median(values, weights, total), nil
	}
	return math.NaN(), fmt.Errorf("%q is not a mean", method)
}

// Transform gives f and its inverse for the means of the form f⁻¹(Σ w f(x)); nil for the others.
func Transform(method Method) (f, back func(float64) float64) {
	switch method {
	case Arithmetic:
		same := func(x float64) float64 { return x }
		return same, same
	case Geometric:
		return math.Log, math.Exp
	case Harmonic:
		inverse := func(x float64) float64 { return 1 / x }
		return inverse, inverse
	}
	return nil, nil
}

// median is the value at which half of the weight lies below; halfway between two when it falls on their border.
func median(values, weights []float64, total float64) float64 {
	var order []int
	for i, x := range values {
		if !math.IsNaN(x) && weights[i] > 0 {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(a, b int) bool { return values[order[a]] < values[order[b]] })
	var below float64
	for k, i := range order {
		below += weights[i]
		if math.Abs(below-total/2) < 1e-12*total && k+1 < len(order) {
			return (values[i] + values[order[k+1]]) / 2
		}
		if below > total/2 {
			return values[i]
		}
	}
	return values[order[len(order)-1]]
}

// Closeness is TOPSIS: columns (one value a unit) are divided by their
// Euclidean length and weighted; a unit's closeness is its distance from the
// worst over the sum of its distances from the best and the worst, 0 to 1.
// cost marks columns where lower is better (nil: none). A unit without a value
// in some column is compared on those it has; all-equal units have 0.5.
// Source: C. L. Hwang and K. Yoon, Multiple Attribute Decision Making, 1981.
func Closeness(columns [][]float64, weights []float64, cost []bool) []float64 {
	if len(columns) == 0 {
		return nil
	}
	units := len(columns[0])
	toBest, toWorst, has := make([]float64, units), make([]float64, units), make([]float64, units)
	var total float64
	for j, column := range columns {
		total += weights[j]
		var length float64
		low, high := math.Inf(1), math.Inf(-1)
		for _, x := range column {
			if !math.IsNaN(x) {
				length += x * x
				low, high = min(low, x), max(high, x)
			}
		}
		length = math.Sqrt(length)
		if length == 0 {
			length = 1
		}
		best, worst := high, low
		if cost != nil && cost[j] {
			best, worst = low, high
		}
		for i, x := range column {
			if math.IsNaN(x) {
				continue
			}
			has[i] += weights[j]
			toBest[i] += sq(weights[j] * (x - best) / length)
			toWorst[i] += sq(weights[j] * (x - worst) / length)
		}
	}
	out := make([]float64, units)
	for i := range out {
		best, worst := math.Sqrt(toBest[i]), math.Sqrt(toWorst[i])
		switch {
		case has[i] == 0 || total == 0:
			out[i] = math.NaN()
		case best+worst == 0:
			out[i] = 0.5
		default:
			out[i] = worst / (best + worst)
		}
	}
	return out
}

func sq(x float64) float64 { return x * x }
