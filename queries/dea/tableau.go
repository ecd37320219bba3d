package dea

import "math"

// tableau solves the CCR programme for many units against one technology. Its
// rows all start feasible (λ = 0, φ = 0), so that no first phase is needed, and
// one unit differs from the next in two columns only: some twenty times faster
// than the general simplex, which a bootstrap of 100,000 programmes needs.
type tableau struct {
	m, s, n int
	rows    [][]float64 // m+s rows: λ…, φ, slacks…, right-hand side
	cost    []float64
	basis   []int
}

func newTableau(reference Units) *tableau {
	t := &tableau{m: len(reference.Inputs), s: len(reference.Outputs), n: len(reference.Inputs[0])}
	width := t.n + 1 + t.m + t.s + 1
	t.rows = make([][]float64, t.m+t.s)
	for i := range t.rows {
		t.rows[i] = make([]float64, width)
	}
	t.cost = make([]float64, width)
	t.basis = make([]int, t.m+t.s)
	return t
}

// phi is the largest φ for a unit with these inputs and outputs; NaN if the
// simplex does not end (which Bland's rule excludes but for rounding).
func (t *tableau) phi(reference Units, inputs, outputs [][]float64, o int) float64 {
	slack, last := t.n+1, len(t.cost)-1
	for i, row := range t.rows {
		clear(row)
		if i < t.m {
			copy(row, reference.Inputs[i])
			row[last] = inputs[i][o]
		} else {
			for j, y := range reference.Outputs[i-t.m] {
				row[j] = -y
			}
			row[t.n] = outputs[i-t.m][o]
		}
		row[slack+i] = 1
		t.basis[i] = slack + i
	}
	clear(t.cost)
	t.cost[t.n] = -1
	for pivots := range 2000 {
		enter := t.entering(pivots > 200)
		if enter < 0 {
			return t.cost[last]
		}
		leave := t.leaving(enter)
		if leave < 0 {
			return math.Inf(1)
		}
		t.pivot(leave, enter)
	}
	return math.NaN()
}

// entering is the column with the steepest gain, or the first with any by Bland's rule, which cannot cycle.
func (t *tableau) entering(bland bool) int {
	best, at := -1e-10, -1
	for j, c := range t.cost[:len(t.cost)-1] {
		if c < best {
			best, at = c, j
			if bland {
				return j
			}
		}
	}
	return at
}

// leaving is the row that limits the entering column most; of those that tie, the one with the smallest variable.
func (t *tableau) leaving(enter int) int {
	last := len(t.cost) - 1
	best, at := math.Inf(1), -1
	for i, row := range t.rows {
		if row[enter] <= 1e-11 {
			continue
		}
		ratio := row[last] / row[enter]
		if ratio < best-1e-13 || (ratio <= best+1e-13 && at >= 0 && t.basis[i] < t.basis[at]) {
			best, at = ratio, i
		}
	}
	return at
}

func (t *tableau) pivot(leave, enter int) {
	pivot := t.rows[leave]
	by := 1 / pivot[enter]
	for j := range pivot {
		pivot[j] *= by
	}
	eliminate := func(row []float64) {
		if f := row[enter]; f != 0 {
			for j, x := range pivot {
				row[j] -= f * x
			}
			row[enter] = 0
		}
	}
	for i, row := range t.rows {
		if i != leave {
			eliminate(row)
		}
	}
	eliminate(t.cost)
	t.basis[leave] = enter
}
