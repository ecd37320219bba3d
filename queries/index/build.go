package index

import (
	"fmt"
	"math"
	"sort"

	"github.com/jiceng/jiceng/queries/index/aggregate"
)

// aggregate fills Scores from the leaves up.
func (r *Result) aggregate() error {
	r.Scores = NewTable(r.Units, r.Tree.Names())
	for j, at := range r.Tree.Leaves {
		copy(r.Scores.Columns[at], r.Normalised.Columns[j])
	}
	present := r.presentWeight()
	for at, children := range r.Tree.Children {
		if len(children) == 0 {
			continue
		}
		if err := r.join(at, children, present); err != nil {
			return fmt.Errorf("%s: %w", r.Tree.Nodes[at].Code, err)
		}
	}
	if r.Coverage < r.Config.Minimum.Coverage {
		root := r.Score()
		for i := range root {
			root[i] = math.NaN()
		}
	}
	return nil
}

// presentWeight is each node's share of the weight below it that this place measures at all, 0 or 1 for a leaf.
func (r *Result) presentWeight() []float64 {
	p := make([]float64, len(r.Tree.Nodes))
	for j, at := range r.Tree.Leaves {
		if r.Present[j] {
			p[at] = 1
		}
	}
	for at, children := range r.Tree.Children {
		for _, c := range children {
			if p[c] > 0 {
				p[at] = 1
			}
		}
	}
	return p
}

// method is how a node joins its children, by its height.
func (r *Result) method(at int) aggregate.Method {
	methods := r.Config.Aggregate
	return methods[min(r.Tree.Height[at], len(methods))-1]
}

// join gives a node its scores. A unit that has less than the minimum share of
// the weight of those children that the place measures has no score.
func (r *Result) join(at int, children []int, present []float64) error {
	method := r.method(at)
	var measured float64
	columns, weights := make([][]float64, len(children)), make([]float64, len(children))
	for k, c := range children {
		columns[k], weights[k] = r.Scores.Columns[c], r.Weights[c]
		measured += r.Weights[c] * present[c]
	}
	var closeness []float64
	if method == aggregate.TOPSIS {
		closeness = aggregate.Closeness(columns, weights, nil)
	}
	values := make([]float64, len(children))
	for i := range r.Units {
		var has float64
		for k := range children {
			values[k] = columns[k][i]
			if !math.IsNaN(values[k]) {
				has += weights[k]
			}
		}
		if has == 0 || has < r.Config.Minimum.Children*measured-1e-12 {
			continue
		}
		if closeness != nil {
			r.Scores.Columns[at][i] = r.Config.Scale[0] + (r.Config.Scale[1]-r.Config.Scale[0])*closeness[i]
			continue
		}
		x, err := aggregate.Mean(method, values, weights)
		if err != nil {
			return fmt.Errorf("unit %s: %w", r.Units[i], err)
		}
		r.Scores.Columns[at][i] = x
	}
	return nil
}

// Shares are the weights with which one unit's known children enter each node:
// its siblings' gaps filled by scaling up. 0 for what is missing.
func (r *Result) Shares(unit int) []float64 {
	w := make([]float64, len(r.Tree.Nodes))
	for at, children := range r.Tree.Children {
		if math.IsNaN(r.Scores.Columns[at][unit]) {
			continue
		}
		var total float64
		for _, c := range children {
			if !math.IsNaN(r.Scores.Columns[c][unit]) {
				total += r.Weights[c]
			}
		}
		for _, c := range children {
			if !math.IsNaN(r.Scores.Columns[c][unit]) {
				w[c] = r.Weights[c] / total
			}
		}
	}
	w[r.Tree.Root] = 1
	return w
}

func sortDescending(order []int, by []float64) {
	sort.Slice(order, func(a, b int) bool {
		if by[order[a]] != by[order[b]] {
			return by[order[a]] > by[order[b]]
		}
		return order[a] < order[b]
	})
}
