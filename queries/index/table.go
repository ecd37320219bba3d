package index

import "math"

// Table is one value for each unit in each column; NaN is missing.
type Table struct {
	Units   []string
	Names   []string
	Columns [][]float64
}

// NewTable makes a table of missing values.
func NewTable(units, names []string) Table {
	t := Table{Units: units, Names: names, Columns: make([][]float64, len(names))}
	for j := range t.Columns {
		t.Columns[j] = make([]float64, len(units))
		for i := range t.Columns[j] {
			t.Columns[j][i] = math.NaN()
		}
	}
	return t
}

// like makes a table of the same shape whose columns are copies.
func (t Table) like() Table {
	out := Table{Units: t.Units, Names: t.Names, Columns: make([][]float64, len(t.Columns))}
	for j, column := range t.Columns {
		out.Columns[j] = append([]float64(nil), column...)
	}
	return out
}

// bounds are the least and largest known value; +Inf and −Inf when there is none.
func bounds(column []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, x := range column {
		if !math.IsNaN(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	return low, high
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

// Ranks are 1 for the largest; tied units share the smallest rank of their
// places (1, 2, 2, 4), missing ones have 0. Scores that differ by less than a
// billionth of the spread are tied: rounding must not decide a rank.
func Ranks(scores []float64) []int {
	order := make([]int, 0, len(scores))
	for i, x := range scores {
		if !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	sortDescending(order, scores)
	low, high := bounds(scores)
	same := 1e-9 * (high - low)
	ranks := make([]int, len(scores))
	for k, i := range order {
		ranks[i] = k + 1
		if k > 0 && scores[order[k-1]]-scores[i] <= same {
			ranks[i] = ranks[order[k-1]]
		}
	}
	return ranks
}
