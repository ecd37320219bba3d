// Package dea measures how much output units get from their inputs, against the
// best of themselves: data envelopment analysis, output-oriented.
//
//	CCR  technical efficiency under constant returns to scale
//	BCC  the same under variable returns; CCR/BCC is scale efficiency
//
// Efficiency is 1/φ, where φ is by how much all outputs of a unit could grow if
// it did with its inputs what its peers do: 1 on the frontier, below 1 under it.
//
// Sources: A. Charnes, W. W. Cooper, E. Rhodes, EJOR 2 (1978) 429–444; R. D.
// Banker, A. Charnes, W. W. Cooper, Management Science 30 (1984) 1078–1092; W. W.
// Cooper, L. M. Seiford, K. Tone, Data Envelopment Analysis (2nd ed., 2007).
package dea

import (
	"errors"
	"fmt"
	"math"
)

// Units are the units compared: Inputs[i][u] is the amount of input i that unit
// u uses, Outputs[r][u] the amount of output r that it gets. Amounts are not
// negative; every unit uses some input.
type Units struct {
	Inputs, Outputs [][]float64
}

// Returns is how output follows scale.
type Returns string

// The returns to scale of a technology, and of a unit.
const (
	Constant   Returns = "constant"
	Variable   Returns = "variable"
	Increasing Returns = "increasing"
	Decreasing Returns = "decreasing"
)

// What can be wrong with units.
var (
	// ErrAmounts says that an amount is negative or missing, or a unit uses no input.
	ErrAmounts = errors.New("amounts must not be negative or missing, and every unit must use some input")
	// ErrInfeasible says that a unit cannot be compared with the others: under
	// variable returns, no mix of the others does with as little input.
	ErrInfeasible = errors.New("infeasible: the others cannot do with as little input")
	// ErrNoOutput says that a unit gets no output at all; its efficiency is 0 and it has no distance to the frontier.
	ErrNoOutput = errors.New("the unit has no output")
)

// Peer is a unit that another is measured against.
type Peer struct {
	Unit   int
	Weight float64 // λ
}

// Result is one unit's.
type Result struct {
	CCR, BCC, Scale         float64 // efficiencies, 0–1
	Returns                 Returns // of the unit: whether it is too small (increasing), too large (decreasing) or neither
	Super                   float64 // super-efficiency under constant returns: above 1 for efficient units; NaN with SuperErr
	SuperErr                error
	SuperVariable           float64   // the same under variable returns
	SuperVariableErr        error     // ErrInfeasible where it has none
	Peers                   []Peer    // of CCR, from the largest weight
	InputSlack, OutputSlack []float64 // of CCR, beyond the radial expansion
	InputTarget, Target     []float64 // what the frontier asks for: input used, output got
}

// count returns the number of units and checks the amounts.
func (u Units) count() (int, error) {
	if len(u.Inputs) == 0 || len(u.Outputs) == 0 {
		return 0, fmt.Errorf("%w: no inputs or no outputs", ErrAmounts)
	}
	n := len(u.Inputs[0])
	for _, row := range append(append([][]float64{}, u.Inputs...), u.Outputs...) {
		if len(row) != n {
			return 0, fmt.Errorf("%w: rows of unlike length", ErrAmounts)
		}
		for j, x := range row {
			if !(x >= 0) || math.IsInf(x, 0) {
				return 0, fmt.Errorf("%w: unit %d has %v", ErrAmounts, j+1, x)
			}
		}
	}
	for j := range n {
		if total(u.Inputs, j) == 0 {
			return 0, fmt.Errorf("%w: unit %d uses none", ErrAmounts, j+1)
		}
	}
	return n, nil
}

func total(rows [][]float64, j int) float64 {
	var sum float64
	for _, row := range rows {
		sum += row[j]
	}
	return sum
}

// Analyse measures every unit.
func Analyse(u Units) ([]Result, error) {
	n, err := u.count()
	if err != nil {
		return nil, err
	}
	scaled := u.scaled()
	out := make([]Result, n)
	for j := range out {
		if out[j], err = analyse(u, scaled, j); err != nil {
			return nil, fmt.Errorf("unit %d: %w", j+1, err)
		}
	}
	return out, nil
}

func analyse(u, scaled Units, j int) (Result, error) {
	r := Result{Super: math.NaN(), SuperVariable: math.NaN(), Scale: math.NaN()}
	if total(u.Outputs, j) == 0 {
		r.SuperErr, r.SuperVariableErr = ErrNoOutput, ErrNoOutput
		return r, nil
	}
	ccr, err := scaled.radial(scaled, j, Constant, -1)
	if err != nil {
		return r, fmt.Errorf("CCR: %w", err)
	}
	bcc, err := scaled.radial(scaled, j, Variable, -1)
	if err != nil {
		return r, fmt.Errorf("BCC: %w", err)
	}
	r.CCR, r.BCC = 1/ccr, 1/bcc
	r.Scale = r.CCR / r.BCC
	if r.Returns, err = scaled.returns(j, ccr, bcc); err != nil {
		return r, fmt.Errorf("returns to scale: %w", err)
	}
	r.Super, r.SuperErr = super(scaled, j, Constant)
	r.SuperVariable, r.SuperVariableErr = super(scaled, j, Variable)
	return r, u.slacks(scaled, j, ccr, &r)
}

// super is P. Andersen and N. C. Petersen's (Management Science 39, 1993): the
// unit against the others only.
func super(scaled Units, j int, returns Returns) (float64, error) {
	phi, err := scaled.radial(scaled, j, returns, j)
	if err != nil {
		return math.NaN(), err
	}
	if phi < tiny {
		// The others get none of an output that this one gets: it stands above any multiple of them.
		return math.NaN(), ErrInfeasible
	}
	return 1 / phi, nil
}

// returns tells whether a unit off the most productive scale is too small or too
// large: too small when the technology that lets units be scaled down but not up
// is as tight as constant returns (Σλ ≤ 1 binds as CCR does).
func (u Units) returns(j int, ccr, bcc float64) (Returns, error) {
	if math.Abs(ccr-bcc) < 1e-7*ccr {
		return Constant, nil
	}
	down, err := u.radial(u, j, Decreasing, -1)
	if err != nil {
		return "", err
	}
	if math.Abs(down-ccr) < 1e-7*ccr {
		return Increasing, nil
	}
	return Decreasing, nil
}

// scaled divides every input and output by its mean, which changes no efficiency
// and keeps the linear programmes well-conditioned.
func (u Units) scaled() Units {
	scale := func(rows [][]float64) [][]float64 {
		out := make([][]float64, len(rows))
		for i, row := range rows {
			mean := 0.0
			for _, x := range row {
				mean += x / float64(len(row))
			}
			if mean == 0 {
				mean = 1
			}
			out[i] = make([]float64, len(row))
			for j, x := range row {
				out[i][j] = x / mean
			}
		}
		return out
	}
	return Units{scale(u.Inputs), scale(u.Outputs)}
}
