package index

import "math"

// ImputeMethod is how gaps are filled.
type ImputeMethod string

// The ways to fill gaps.
const (
	ImputeNone      ImputeMethod = "none"
	ImputeGroupMean ImputeMethod = "group_mean" // the mean of the unit's group; a group without any value keeps its gaps
)

// Impute fills gaps. Groups are one a unit; nil puts all into one.
func Impute(t Table, method ImputeMethod, groups []string) Table {
	out := t.like()
	if method != ImputeGroupMean {
		return out
	}
	of := func(i int) string {
		if groups == nil {
			return ""
		}
		return groups[i]
	}
	for j, column := range t.Columns {
		sum, n := map[string]float64{}, map[string]float64{}
		for i, x := range column {
			if !math.IsNaN(x) {
				sum[of(i)] += x
				n[of(i)]++
			}
		}
		for i, x := range column {
			if math.IsNaN(x) && n[of(i)] > 0 {
				out.Columns[j][i] = sum[of(i)] / n[of(i)]
			}
		}
	}
	return out
}

// Denominate divides a column by another, unit by unit; a denominator of 0 gives missing.
func Denominate(column, by []float64) []float64 {
	out := make([]float64, len(column))
	for i := range column {
		out[i] = column[i] / by[i]
		if by[i] == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}
