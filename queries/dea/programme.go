package dea

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// tiny is what counts as 0 among amounts that are 1 on average.
const tiny = 1e-9

// radial solves for φ: the largest factor by which unit o of u could multiply
// its outputs with the inputs it has, by the technology of the units of
// reference (without one of them, −1: with all):
//
//	max φ  with  Σλx ≤ x_o,  Σλy ≥ φ·y_o,  λ ≥ 0
//
// and Σλ = 1 under variable returns, Σλ ≤ 1 under non-increasing ones.
func (u Units) radial(reference Units, o int, returns Returns, without int) (float64, error) {
	a, b, columns := u.constraints(reference, o, without)
	m, s := len(u.Inputs), len(u.Outputs)
	c := make([]float64, columns.total)
	c[columns.phi] = -1
	for r := range s {
		a.Set(m+r, columns.phi, -u.Outputs[r][o])
	}
	if returns != Constant {
		a, b, c = sumOfLambdas(a, b, c, columns.lambdas, returns == Decreasing)
	}
	optimum, _, err := simplex(c, a, b)
	if err != nil {
		return math.NaN(), err
	}
	return -optimum, nil
}

// layout says where the variables stand: λ first, then φ, then a slack for every input and output.
type layout struct{ lambdas, phi, slacks, total int }

// constraints are the rows Σλx + s⁻ = x_o and Σλy − s⁺ = 0 (φ's column still empty).
func (u Units) constraints(reference Units, o, without int) (*mat.Dense, []float64, layout) {
	m, s, n := len(u.Inputs), len(u.Outputs), len(reference.Inputs[0])
	var used []int
	for j := range n {
		if j != without {
			used = append(used, j)
		}
	}
	l := layout{lambdas: len(used), phi: len(used), slacks: len(used) + 1, total: len(used) + 1 + m + s}
	a := mat.NewDense(m+s, l.total, nil)
	b := make([]float64, m+s)
	for i := range m {
		for k, j := range used {
			a.Set(i, k, reference.Inputs[i][j])
		}
		a.Set(i, l.slacks+i, 1)
		b[i] = u.Inputs[i][o]
	}
	for r := range s {
		for k, j := range used {
			a.Set(m+r, k, reference.Outputs[r][j])
		}
		a.Set(m+r, l.slacks+m+r, -1)
	}
	return a, b, l
}

// sumOfLambdas adds the row Σλ = 1, or Σλ ≤ 1 with a slack of its own.
func sumOfLambdas(a *mat.Dense, b, c []float64, lambdas int, atMost bool) (*mat.Dense, []float64, []float64) {
	rows, columns := a.Dims()
	width := columns
	if atMost {
		width++
		c = append(c, 0)
	}
	wider := mat.NewDense(rows+1, width, nil)
	wider.Slice(0, rows, 0, columns).(*mat.Dense).Copy(a)
	for k := range lambdas {
		wider.Set(rows, k, 1)
	}
	if atMost {
		wider.Set(rows, columns, 1)
	}
	return wider, append(b, 1), c
}

// slacks solves the second stage: with φ held, the largest sum of slacks (in
// units of the means). From it follow the peers and the targets.
func (u Units) slacks(scaled Units, o int, phi float64, r *Result) error {
	a, b, l := scaled.constraints(scaled, o, -1)
	m, s := len(u.Inputs), len(u.Outputs)
	// φ's column stays empty and must go: the programme has full rank without it.
	keep := mat.NewDense(m+s, l.total-1, nil)
	keep.Slice(0, m+s, 0, l.lambdas).(*mat.Dense).Copy(a.Slice(0, m+s, 0, l.lambdas))
	keep.Slice(0, m+s, l.lambdas, l.total-1).(*mat.Dense).Copy(a.Slice(0, m+s, l.slacks, l.total))
	c := make([]float64, l.total-1)
	for k := l.lambdas; k < len(c); k++ {
		c[k] = -1
	}
	for i := range s {
		b[m+i] = phi * (1 - 1e-10) * scaled.Outputs[i][o] // a hair inside, or rounding makes it infeasible
	}
	_, x, err := simplex(c, keep, b)
	if err != nil {
		return fmt.Errorf("slacks: %w", err)
	}
	for k := range l.lambdas {
		if x[k] > 1e-7 {
			r.Peers = append(r.Peers, Peer{Unit: k, Weight: x[k]})
		}
	}
	sort.SliceStable(r.Peers, func(a, b int) bool { return r.Peers[a].Weight > r.Peers[b].Weight })
	for i := range m {
		slack := unscale(u.Inputs[i], scaled.Inputs[i], o, x[l.lambdas+i])
		r.InputSlack = append(r.InputSlack, slack)
		r.InputTarget = append(r.InputTarget, u.Inputs[i][o]-slack)
	}
	for i := range s {
		slack := unscale(u.Outputs[i], scaled.Outputs[i], o, x[l.lambdas+m+i])
		r.OutputSlack = append(r.OutputSlack, slack)
		r.Target = append(r.Target, phi*u.Outputs[i][o]+slack)
	}
	return nil
}

// unscale turns an amount in means back into the row's own unit; what is next to nothing is nothing.
func unscale(row, scaled []float64, o int, x float64) float64 {
	if x < 1e-7 {
		return 0
	}
	for j := range row {
		if scaled[j] > 0 {
			return x * row[j] / scaled[j]
		}
	}
	return 0
}
