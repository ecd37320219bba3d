package dea

import (
	"fmt"
	"math"
)

// Change is a unit's change of productivity between two periods: above 1 is better.
type Change struct {
	Malmquist     float64 // CatchingUp × FrontierShift
	CatchingUp    float64 // technical efficiency (CCR) later over earlier
	FrontierShift float64 // how far the best moved, where this unit is
	Pure, Scale   float64 // CatchingUp split: efficiency under variable returns, and scale
}

// Malmquist gives the change of every unit between two periods (the same units
// in the same places), output-oriented, with the two periods' technologies
// averaged geometrically. A unit without output in one of them has NaN.
// Source: R. Färe, S. Grosskopf, M. Norris, Z. Zhang, American Economic Review 84 (1994) 66–83.
func Malmquist(before, after Units) ([]Change, error) {
	n, err := before.count()
	if err != nil {
		return nil, fmt.Errorf("earlier period: %w", err)
	}
	m, err := after.count()
	if err != nil {
		return nil, fmt.Errorf("later period: %w", err)
	}
	if n != m {
		return nil, fmt.Errorf("%d units before and %d after", n, m)
	}
	before, after = together(before, after)
	out := make([]Change, n)
	for j := range out {
		if out[j], err = change(before, after, j); err != nil {
			return nil, fmt.Errorf("unit %d: %w", j+1, err)
		}
	}
	return out, nil
}

func change(before, after Units, j int) (Change, error) {
	nan := math.NaN()
	if total(before.Outputs, j) == 0 || total(after.Outputs, j) == 0 {
		return Change{nan, nan, nan, nan, nan}, nil
	}
	// distance of a unit from a technology, 1/φ
	distance := func(of, by Units, returns Returns) (float64, error) {
		phi, err := of.radial(by, j, returns, -1)
		return 1 / phi, err
	}
	var d [6]float64
	for k, of := range []struct {
		units, by Units
		returns   Returns
	}{{before, before, Constant}, {after, after, Constant}, {after, before, Constant}, {before, after, Constant}, {before, before, Variable}, {after, after, Variable}} {
		var err error
		if d[k], err = distance(of.units, of.by, of.returns); err != nil {
			return Change{}, err
		}
	}
	c := Change{CatchingUp: d[1] / d[0], FrontierShift: math.Sqrt(d[2] / d[1] * d[0] / d[3]), Pure: d[5] / d[4]}
	c.Malmquist = c.CatchingUp * c.FrontierShift
	c.Scale = c.CatchingUp / c.Pure
	return c, nil
}

// together scales two periods by the same means.
func together(before, after Units) (Units, Units) {
	n := len(before.Inputs[0])
	join := func(a, b [][]float64) [][]float64 {
		out := make([][]float64, len(a))
		for i := range a {
			out[i] = append(append([]float64{}, a[i]...), b[i]...)
		}
		return out
	}
	both := Units{join(before.Inputs, after.Inputs), join(before.Outputs, after.Outputs)}.scaled()
	cut := func(from, to int) Units {
		part := func(rows [][]float64) [][]float64 {
			out := make([][]float64, len(rows))
			for i, row := range rows {
				out[i] = row[from:to]
			}
			return out
		}
		return Units{part(both.Inputs), part(both.Outputs)}
	}
	return cut(0, n), cut(n, 2*n)
}
