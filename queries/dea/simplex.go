package dea

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// errUnending says that the simplex did not end; Bland's rule excludes that but for rounding.
var errUnending = errors.New("linear programme: the simplex did not end")

// errUnbounded says that the goal has no bound.
var errUnbounded = errors.New("linear programme: unbounded")

const (
	steepest  = 500    // pivots by steepest gain, before Bland's rule takes over
	mostPivot = 20_000 // pivots after which it is given up
)

// simplex minimises c·x with a·x = b, x ≥ 0, in two phases on a dense tableau.
// It ends on every input: gonum's lp.Simplex has no bound on its pivots and was
// seen to circle for ever on degenerate programmes of ordinary data, which a
// nightly run cannot afford. Sizes here are a handful of rows by some hundred
// columns. Errors: ErrInfeasible, unbounded, or not ended.
func simplex(c []float64, a *mat.Dense, b []float64) (optimum float64, x []float64, err error) {
	rows, columns := a.Dims()
	p := &programme{columns: columns, basis: make([]int, rows), rows: make([][]float64, rows)}
	width := columns + rows + 1 // an artificial variable for every row, and the right-hand side
	for i := range rows {
		row := make([]float64, width)
		copy(row, a.RawRowView(i))
		row[width-1] = b[i]
		if b[i] < 0 {
			for j := range row {
				row[j] = -row[j]
			}
		}
		row[columns+i] = 1
		p.rows[i], p.basis[i] = row, columns+i
	}
	if err := p.feasible(width); err != nil {
		return math.NaN(), nil, err
	}
	p.cost = make([]float64, width)
	copy(p.cost, c)
	for i, basic := range p.basis {
		if f := p.cost[basic]; f != 0 {
			subtract(p.cost, p.rows[i], f)
		}
	}
	if err := p.descend(columns); err != nil {
		return math.NaN(), nil, err
	}
	x = make([]float64, columns)
	for i, basic := range p.basis {
		if basic < columns {
			x[basic] = p.rows[i][width-1]
		}
	}
	return -p.cost[width-1], x, nil
}

// programme is a linear programme's tableau: rows with their right-hand side last, and the reduced costs.
type programme struct {
	columns int // without the artificial variables
	rows    [][]float64
	cost    []float64
	basis   []int
}

// feasible is the first phase: it drives the artificial variables to 0 and out of the basis.
func (p *programme) feasible(width int) error {
	p.cost = make([]float64, width)
	for j := p.columns; j < width-1; j++ {
		p.cost[j] = 1
	}
	for _, row := range p.rows {
		subtract(p.cost, row, 1)
	}
	if err := p.descend(p.columns); err != nil {
		return err
	}
	if -p.cost[width-1] > 1e-9 {
		return ErrInfeasible
	}
	for i := 0; i < len(p.basis); i++ {
		if p.basis[i] < p.columns {
			continue
		}
		enter := -1
		for j := range p.columns {
			if math.Abs(p.rows[i][j]) > 1e-9 {
				enter = j
				break
			}
		}
		if enter >= 0 {
			p.pivot(i, enter)
			continue
		}
		// The row says nothing that the others do not.
		p.rows = append(p.rows[:i], p.rows[i+1:]...)
		p.basis = append(p.basis[:i], p.basis[i+1:]...)
		i--
	}
	return nil
}

// descend pivots until no column among the first ones lowers the cost.
func (p *programme) descend(columns int) error {
	for n := range mostPivot {
		enter := -1
		best := -1e-10
		for j, reduced := range p.cost[:columns] {
			if reduced < best {
				best, enter = reduced, j
				if n >= steepest {
					break
				}
			}
		}
		if enter < 0 {
			return nil
		}
		leave := p.leaving(enter)
		if leave < 0 {
			return errUnbounded
		}
		p.pivot(leave, enter)
	}
	return errUnending
}

// leaving is the row that limits a column most; of those that tie, the one with the smallest variable.
func (p *programme) leaving(enter int) int {
	best, at := math.Inf(1), -1
	for i, row := range p.rows {
		if row[enter] <= 1e-11 {
			continue
		}
		ratio := row[len(row)-1] / row[enter]
		if ratio < best-1e-13 || (ratio <= best+1e-13 && at >= 0 && p.basis[i] < p.basis[at]) {
			best, at = ratio, i
		}
	}
	return at
}

func (p *programme) pivot(leave, enter int) {
	row := p.rows[leave]
	by := 1 / row[enter]
	for j := range row {
		row[j] *= by
	}
	row[enter] = 1
	for i, other := range p.rows {
		if i != leave && other[enter] != 0 {
			subtract(other, row, other[enter])
			other[enter] = 0
		}
	}
	if f := p.cost[enter]; f != 0 {
		subtract(p.cost, row, f)
		p.cost[enter] = 0
	}
	p.basis[leave] = enter
}

// subtract takes f times a row from another.
func subtract(from, row []float64, f float64) {
	for j, x := range row {
		from[j] -= f * x
	}
}
