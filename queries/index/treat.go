package index

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// TreatRule says which indicators have outliers and how these are drawn in.
type TreatRule struct {
	Rule     TreatMethod `yaml:"rule"`
	Skew     float64     `yaml:"skew,omitempty"`     // |skewness| above this …
	Kurtosis float64     `yaml:"kurtosis,omitempty"` // … together with excess kurtosis above this calls for treatment
	AtMost   int         `yaml:"at_most,omitempty"`  // values that may be winsorised before a logarithm is taken instead
}

// TreatMethod is how outliers are treated.
type TreatMethod string

// The treatments.
const (
	TreatNone TreatMethod = "none"
	TreatSkew TreatMethod = "skew" // winsorise, else take the logarithm
)

// DefaultTreat is the Handbook's usual rule: |skewness| > 2 and kurtosis > 3.5, at most 5 values.
func DefaultTreat() TreatRule { return TreatRule{Rule: TreatSkew, Skew: 2, Kurtosis: 3.5, AtMost: 5} }

// Treatment is what was done to one indicator.
type Treatment struct {
	Done       string  // "", winsorised, log
	Winsorised int     // values drawn in
	Skew       float64 // before
	Kurtosis   float64 // before; excess, of a sample
	Passes     bool    // whether the result is within the rule
}

// Treat draws outliers in, indicator by indicator. A skewed one is winsorised:
// the outermost value (and what ties with it) on the skewed side is set to the
// next, again and again, until the rule is met. When that would take more than
// AtMost rounds, log(x − min + (max − min)/100) of the original is taken.
// Skewness and kurtosis are the samples' unbiased G1 and G2.
func Treat(t Table, rule TreatRule) (Table, []Treatment) {
	out := t.like()
	done := make([]Treatment, len(t.Columns))
	if rule.Rule != TreatSkew {
		return out, done
	}
	for j, column := range out.Columns {
		done[j] = rule.treat(column)
	}
	return out, done
}

func (rule TreatRule) treat(column []float64) Treatment {
	var t Treatment
	t.Skew, t.Kurtosis = shape(column)
	if t.Passes = rule.passes(column); t.Passes {
		return t
	}
	drawn := append([]float64(nil), column...)
	for round := 0; round < rule.AtMost && !rule.passes(drawn); round++ {
		t.Winsorised += drawIn(drawn)
	}
	if rule.passes(drawn) {
		t.Done, t.Passes = "winsorised", true
		copy(column, drawn)
		return t
	}
	low, high := bounds(column)
	for i, x := range column {
		column[i] = math.Log(x - low + (high-low)/100)
	}
	t.Done, t.Winsorised, t.Passes = "log", 0, rule.passes(column)
	return t
}

// passes says whether a column needs no treatment; too few or equal values have no shape and pass.
func (rule TreatRule) passes(column []float64) bool {
	skew, kurtosis := shape(column)
	return !(math.Abs(skew) > rule.Skew && kurtosis > rule.Kurtosis)
}

// drawIn sets the outermost value on the skewed side to the next and returns how many it moved.
func drawIn(column []float64) int {
	skew, _ := shape(column)
	sign := 1.0
	if skew < 0 {
		sign = -1
	}
	outer, next := math.Inf(-1), math.Inf(-1)
	for _, x := range column {
		switch y := sign * x; {
		case y > outer:
			outer, next = y, outer
		case y < outer && y > next:
			next = y
		}
	}
	moved := 0
	for i, x := range column {
		if sign*x == outer {
			column[i] = sign * next
			moved++
		}
	}
	return moved
}

func shape(column []float64) (skew, kurtosis float64) {
	values := known(column)
	if len(values) < 4 {
		return math.NaN(), math.NaN()
	}
	return stat.Skew(values, nil), stat.ExKurtosis(values, nil)
}
